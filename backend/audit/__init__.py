"""Who did or read what of which record: append-only, in the deed's own transaction, sealed in batches."""

from backend.audit.services import record, record_change

__all__ = ["record", "record_change"]
