"""Words of two characters found in everything that is public."""
