"""有事好商量: every word of a topic, from its proposal to its rating, is text on its pages and in its feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from backend.kernel.clock import FrozenClock
from tests.api.consultations.test_deciding import STEPS, group
from tests.api.consultations.test_talking import hearing
from tests.api.markup.test_neighbours_markup import Planting, done
from tests.api.markup.test_open_markup import shown
from tests.factories.consultation_cast import ACCEPTING, OPENING, ConsultationCast
from tests.factories.identity import place_id, unit_id
from tests.fakes.platform import RecordingPlatform
from tests.support.xss import skeleton


def proposed(cast: ConsultationCast) -> int:
    body = {
        "town": "dongwan",
        "village_id": str(place_id(cast.app, "V01")),
        "title": "题",
        "body": "文",
        "reason": "因",
    }
    return int(done(cast.resident("wang").post("/resident/consultations", body))["id"])


def test_a_topic_from_its_proposal_to_its_rating(
    app: Flask,
    platform: RecordingPlatform,
    run_jobs: Callable[[], Any],
    planting: Planting,
    clock: FrozenClock,
) -> None:
    harmless = ConsultationCast(app).topic_in("open")
    run_jobs()
    shape = skeleton(app.test_client().get(f"/s/consultation/{harmless}").text)
    village = shown(app, place_id(app, "V01"))[0]
    planter = planting("(resident|staff)/consultations.*")
    cast = ConsultationCast(app)
    given_back, declined, topic = proposed(cast), proposed(cast), proposed(cast)
    done(cast.resident("wang").post(f"/resident/consultations/{given_back}/withdrawal", {"note": "不提了"}))
    done(cast.does("lingdao", declined, "decline", note="不议", public_title="另题"))
    cast.page(declined)
    for one in (given_back, declined):
        cast.resident("wang").get(f"/resident/consultations/{one}")
        cast.desk("lingdao").get(f"/staff/consultations/{one}")
    cast.seen("lingdao", topic)
    own = {"title": "题", "body": "文", "reason": "因", "asked": "问", "origin": "town"}
    brought = done(cast.desk("fenliu").post("/staff/consultations", own))
    cast.seen("fenliu", brought["id"])
    done(cast.sends("cunzhang1", topic, "corrections", title="题", body="文", asked="问"))
    done(cast.does("lingdao", topic, "accept", **ACCEPTING | {"track": "four_two"}))
    poll = {"question": "问", "options": ["甲", "乙"], "entitled": 300}
    short = {"closes_on": "2026-03-25", "shorter_reason": "急"}
    done(cast.does("cunzhang1", topic, "open", **OPENING, **short, poll=poll))
    done(app.test_client().get(f"/api/v1/public/consultations/{topic}"))
    done(cast.resident("li").get(f"/resident/consultations/{topic}/mine"))
    said = done(cast.speaks("li", topic))
    done(cast.resident("wang").post(f"/resident/consultations/{topic}/statements", {"text": "说"}))
    run_jobs()
    page = cast.page(topic)
    done(app.test_client().get(f"/api/v1/public/polls/{page['poll_id']}"))
    for part in ("statements", "comments"):
        done(app.test_client().get(f"/api/v1/public/consultations/{topic}/{part}"))
    shared = app.test_client().get(f"/s/consultation/{topic}")
    assert (shared.status_code, skeleton(shared.text)) == (200, shape)
    after, feed = shown(app, place_id(app, "V01"))
    assert [one for one in skeleton(after) if one not in skeleton(village)] == []
    assert page["title"] in feed
    done(cast.sends("cunzhang1", topic, "corrections", title="题", body="文", asked="问", reason="错了"))
    done(cast.sends("cunzhang1", topic, "meeting", **hearing(clock)))
    cast.page(topic)
    _decided(cast, topic, said["id"], clock, run_jobs)
    assert planter.left_out() == []
    assert planter.lost("resident/consultations/{topic_id}/rating.note") == [], (
        "that stands in its writer's copy alone"
    )


def _decided(
    cast: ConsultationCast, topic: int, said: str, clock: FrozenClock, run_jobs: Callable[[], Any]
) -> None:
    clock.advance(timedelta(days=16))
    run_jobs()
    record = {"minutes": "录", "expected": 42, "attended": 36, "attendance": "请假"}
    done(cast.sends("cunzhang1", topic, "meeting/record", **record))
    done(cast.sends("cunzhang1", topic, "groups", method="PUT", groups=[group("adopted", said)]))
    done(cast.does("cunzhang1", topic, "draft_conclusion", conclusion="装"))
    done(cast.does("lingdao", topic, "conclude"))
    for step, counted in STEPS.items():
        held = {"step": step, "held_on": "2026-03-26", "note": "记", **counted}
        done(cast.sends("cunzhang1", topic, "resolutions", **held))
    done(cast.does("cunzhang1", topic, "publish"))
    clock.advance(timedelta(days=17))
    run_jobs()
    unit = str(unit_id(cast.app, "urban"))
    done(cast.does("cunzhang1", topic, "hand_over", unit_id=unit, until="2026-06-30"))
    done(cast.sends("chengguan", topic, "progress", on=clock.now().date().isoformat(), text="到了"))
    done(cast.does("cunzhang1", topic, "finish", note="好了"))
    cast.page(topic)
    done(cast.resident("li").post(f"/resident/consultations/{topic}/rating", {"score": 5, "note": "好"}))
    done(cast.resident("li").get(f"/resident/consultations/{topic}/mine"))
    cast.seen("cunzhang1", topic)
