"""Residents, staff, login, sessions, route guards, roles, data scope."""
