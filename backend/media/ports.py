"""The store as media sees it: the protocol only; app.py puts local disk or OSS behind it."""

from __future__ import annotations

from flask import current_app

from backend.integrations.oss.protocol import ObjectMissing, PostTicket, Store, StoreError

__all__ = ["ObjectMissing", "PostTicket", "Store", "StoreError", "store"]


def store() -> Store:
    """The store of this application."""
    found: Store = current_app.extensions["store"]
    return found
