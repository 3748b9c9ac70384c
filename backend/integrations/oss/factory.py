"""Which store the settings ask for."""

from __future__ import annotations

from backend.integrations.oss.local import LocalStore
from backend.integrations.oss.protocol import Store
from config.settings import Settings


def make_store(settings: Settings) -> Store:
    """The local disk below DATA_DIR/media, or OSS when STORE=oss."""
    if settings.store == "oss":
        from backend.integrations.oss.oss import OssStore  # oss2 is loaded only by those who use it

        return OssStore.from_settings(settings)
    return LocalStore(settings.data_dir / "media")
