"""Where photos and files lie: the store protocol, the local disk, Alibaba OSS. Entry: ``make_store(settings)``."""

from backend.integrations.oss.factory import make_store
from backend.integrations.oss.protocol import (
    ObjectInfo,
    ObjectMissing,
    PostTicket,
    Store,
    StoreError,
    UploadRefused,
)

__all__ = ["ObjectInfo", "ObjectMissing", "PostTicket", "Store", "StoreError", "UploadRefused", "make_store"]
