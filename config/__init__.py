"""Typed settings and the town's own data."""
