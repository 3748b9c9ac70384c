"""Verified villagers: confirmed once by the village against its own list."""
