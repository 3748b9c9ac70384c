"""检举控告: sealed on the sender's device to the keys of its readers; this program only keeps it (ADR 0013)."""
