"""三务公开: what a village or the town must make public, signed step by step (OPEN-01 … OPEN-17)."""
