"""The demonstration's pool of pictures in the store, and the rows that put them on cases."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.demo.scenes import SCENES, VARIANTS, draw_scene
from backend.integrations.oss.protocol import Store
from backend.kernel.actor import Actor
from backend.kernel.ids import new_id
from backend.reports.states import TABLE


@dataclass(frozen=True)
class Stored:
    """One picture of the pool as it lies in the store."""

    file_key: str
    thumb_key: str
    size: int
    width: int
    height: int
    sha256: str


@dataclass
class Pool:
    """Pictures by (scene, variant, after); many rows share one stored picture."""

    pictures: dict[tuple[str, int, bool], Stored]
    rows: list[dict[str, Any]] = field(default_factory=list)
    _thumbs: dict[int, str] = field(default_factory=dict)

    def thumb_key(self, media_id: int) -> str:
        """The thumbnail of a photo that was attached by this pool."""
        return self._thumbs[media_id]

    def attach(
        self, case_id: int, owner: Actor, scene: str, count: int, role: str, at: datetime, rng: random.Random
    ) -> list[int]:
        """Rows for ``count`` different pictures of a scene on a case; their ids."""
        ids = []
        for position, variant in enumerate(rng.sample(range(VARIANTS), count)):
            stored = self.pictures[scene, variant, role == "after"]
            media_id = new_id()
            ids.append(media_id)
            self._thumbs[media_id] = stored.thumb_key
            self.rows.append(_row(media_id, case_id, owner, stored, role, position, at))
        return ids


def make_pool(store: Store) -> Pool:
    """Draw every scene, with its trouble and without, and put it in the store. No transaction may be open."""
    pictures: dict[tuple[str, int, bool], Stored] = {}
    for scene in SCENES:
        for variant in range(VARIANTS):
            for after in (False, True):
                picture = draw_scene(scene, variant, after=after)
                name = f"demo/{scene}-{variant}{'-after' if after else ''}"
                store.save(f"{name}.jpg", picture.photo, "image/jpeg")
                store.save(f"{name}-s.jpg", picture.thumb, "image/jpeg")
                pictures[scene, variant, after] = Stored(
                    f"{name}.jpg",
                    f"{name}-s.jpg",
                    len(picture.photo),
                    picture.width,
                    picture.height,
                    hashlib.sha256(picture.photo).hexdigest(),
                )
    return Pool(pictures)


def _row(
    media_id: int, case_id: int, owner: Actor, stored: Stored, role: str, position: int, at: datetime
) -> dict[str, Any]:
    return {
        "id": media_id,
        "owner_kind": owner.kind,
        "owner_id": owner.id,
        "purpose": "report" if role == "before" else "after",
        "state": "attached",
        "content_type": "image/jpeg",
        "declared_size": stored.size,
        "upload_key": f"demo/{media_id}",
        "file_key": stored.file_key,
        "thumb_key": stored.thumb_key,
        "size": stored.size,
        "width": stored.width,
        "height": stored.height,
        "sha256": stored.sha256,
        "subject_kind": TABLE.kind,
        "subject_id": case_id,
        "role": role,
        "position": position,
        "created_at": at - timedelta(minutes=1),
        "expires_at": at + timedelta(minutes=29),
        "completed_at": at,
        "attached_at": at,
    }
