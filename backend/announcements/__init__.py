"""Announcements to staff, and who has read them."""
