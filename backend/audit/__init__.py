"""Who did or read what of which record: append-only, in the deed's own transaction, sealed in batches."""

from backend.audit.services import record

__all__ = ["record"]
