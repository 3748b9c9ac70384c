"""Routes of 党的声音传万家 and of subscriptions."""

from __future__ import annotations

from typing import Any

from backend.bulletin.models import ArticleFile
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import new_id
from tests.factories.bulletin import BulletinCast, add_series
from tests.factories.identity import Caller
from tests.support.permissions.route import Target, public, resident, staff, town
from tests.support.permissions.scene import Scene

DESK = {"dispatcher"}


def a_draft(scene: Scene, caller: Caller) -> dict[str, str]:
    """A draft of 东湾镇 with a file."""
    article = BulletinCast(scene.app).drafted()
    with scene.app.app_context():
        file_id = run_unit(lambda: _put_file(int(article["id"])))
    return {"article_id": article["id"], "action": "publish", "file_id": str(file_id)}


def _put_file(article_id: int) -> int:
    made: dict[str, Any] = {"article_id": article_id, "role": "audio", "media_type": "audio/mpeg"}
    file_id = new_id()
    db.session.add(
        ArticleFile(
            id=file_id, file_key=f"bulletin/none/{file_id}.mp3", size=1, sha256="0", created_at=now(), **made
        )
    )
    return file_id


def a_published_one(scene: Scene, caller: Caller) -> str:
    """What everybody may read."""
    return str(BulletinCast(scene.app).published()["id"])


def a_series(scene: Scene, caller: Caller) -> str:
    """A series of 东湾镇."""
    return str(add_series(scene.app))


CHOICES: dict[str, Any] = {"items": [{"kind": "article", "village_id": None, "way": "each"}]}

ROUTES = {
    "GET /api/v1/public/articles": public(),
    "GET /api/v1/public/articles/archive": public(),
    "GET /api/v1/public/articles/<article_id>": public(target=Target("none", a_published_one)),
    "GET /api/v1/public/series": public(),
    "GET /api/v1/public/volumes": public(),
    "GET /api/v1/resident/publication-subscriptions": resident(),
    "PUT /api/v1/resident/publication-subscriptions": resident(body=CHOICES),
    "GET /api/v1/staff/articles": staff(DESK),
    "POST /api/v1/staff/articles": staff(DESK),
    "GET /api/v1/staff/articles/<article_id>": staff(DESK, town(a_draft)),
    "PATCH /api/v1/staff/articles/<article_id>": staff(
        DESK, town(a_draft), {"version": 1, "title": "新标题"}
    ),
    "POST /api/v1/staff/articles/<article_id>/files": staff(DESK, town(a_draft)),
    "DELETE /api/v1/staff/articles/<article_id>/files/<file_id>": staff(DESK, town(a_draft)),
    "POST /api/v1/staff/articles/<article_id>/actions/<action>": staff(DESK, town(a_draft), {"version": 1}),
    "GET /api/v1/staff/series": staff(DESK),
    "POST /api/v1/staff/series": staff(DESK),
    "PATCH /api/v1/staff/series/<series_id>": staff(DESK, town(a_series), {"version": 1, "name": "新名字"}),
    "GET /api/v1/staff/volumes": staff(DESK),
    "POST /api/v1/staff/volumes": staff(DESK),
}
