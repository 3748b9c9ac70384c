"""The demonstration's statements make a picture with the camps that were invented, and nothing waits in the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from backend.comments.services import About
from backend.demo.voices import LAMPS, give_opinions
from backend.kernel.actor import Actor
from backend.kernel.db import run_unit
from backend.kernel.ids import ensure_node
from tests.factories.cases import _actor
from tests.factories.consultation_cast import ConsultationCast
from tests.factories.identity import place_id
from tests.fakes.platform import RecordingPlatform


def test_the_invented_camps_are_seen(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]
) -> None:
    cast = ConsultationCast(app)
    topic = About("consultation", cast.topic_in("open"), place_id(app, "dongwan"))
    residents = [Actor(kind="resident", id=500_000 + n, name="居民") for n in range(80)]
    with app.app_context():
        ensure_node()
        assert run_unit(lambda: give_opinions(_actor("fenliu"), topic, residents)) == 76
    run_jobs()
    seen: Any = app.test_client().get(f"/api/v1/public/consultations/{topic.id}/common-ground").json
    assert (seen["shown"], seen["participants"]) == (True, 76)
    assert len(seen["groups"]) in {2, 3}
    assert {LAMPS.texts[0], LAMPS.texts[1]} <= {one["text"] for one in seen["unites"]}
    assert LAMPS.texts[4] in {one["text"] for one in seen["divides"]}
    assert cast.desk("fenliu").get("/staff/content-reviews").json["items"] == []
