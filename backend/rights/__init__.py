"""A person's own rights (PI-01 … PI-08): see, copy, correct, verify, delete, withdraw, close; and retention."""
