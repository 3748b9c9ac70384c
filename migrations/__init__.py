"""Revisions of the schema; the same ones run on SQLite and MariaDB."""
