"""No business words: session and transactions, clock, ids, errors, JSON, paging, crypto, Actor."""
