"""Subscriptions: one message per person and publication, at once or in the day's digest at 18:00 Shanghai."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.ids import new_id
from backend.notifications import platform_events
from backend.outbox.timers import registered
from backend.places.queries import town_by_code
from backend.subscriptions import personal, services
from backend.subscriptions.kinds import KINDS
from backend.subscriptions.models import Publication, PublicationSubscription
from backend.villagers.models import Villager
from tests.factories.bulletin import BulletinCast
from tests.factories.consultation_cast import ConsultationCast
from tests.factories.wall import WallCast
from tests.fakes.platform import RecordingPlatform

Run = Callable[[], Any]
MINE = "/resident/publication-subscriptions"


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> BulletinCast:
    """Everyone who takes part."""
    return BulletinCast(app)


def choose(cast: BulletinCast, who: str, *items: tuple[str, str | None, str]) -> Any:
    """Put these choices (kind, village code, way) in the place of what was there."""
    given = [
        {"kind": kind, "village_id": village and cast.village(village), "way": way}
        for kind, village, way in items
    ]
    answer = cast.resident(who).put(MINE, {"town": "dongwan", "items": given})
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def told(cast: BulletinCast, who: str) -> list[str]:
    """What somebody's inbox says of publications, newest first."""
    return [item["text"] for item in cast.resident(who).get("/resident/inbox").json["items"]]


def publish(
    cast: BulletinCast, title: str, village: str | None = None, kind: str = "notice", **more: Any
) -> int:
    """Say that something of a kind became public; its id."""
    village_id = int(cast.village(village)) if village else None
    subject_id: int = more.pop("subject_id", 0) or new_id()
    with cast.app.app_context():
        run_unit(
            lambda: services.published(
                kind,
                town_by_code("dongwan").id,
                village_id,
                subject_id,
                title,
                f"pages-open/notice/index?id={subject_id}",
                **more,
            )
        )
    return subject_id


def digest(cast: BulletinCast, run_jobs: Run) -> None:
    """What the worker looks for every ten minutes."""
    assert "subscriptions.digests" in {one.name for one in registered()}
    with cast.app.app_context():
        run_unit(services.make_digests)
    run_jobs()


def test_choices_replace_each_other_and_off_is_forgotten(cast: BulletinCast) -> None:
    shown = cast.resident("wang").get(f"{MINE}?town=dongwan").json["items"]
    assert {one["kind"]: one["way"] for one in shown} == dict.fromkeys(KINDS, "off")
    choose(cast, "wang", ("article", None, "each"), ("notice", "V01", "daily"))
    again = choose(cast, "wang", ("notice", "V02", "daily"), ("article", None, "off"))
    kept = {(one["kind"], one["village_id"]): one["way"] for one in again if one["way"] != "off"}
    assert kept == {("notice", cast.village("V02")): "daily"}
    assert next(one["village_name"] for one in again if one["way"] == "daily")
    wrong = cast.resident("wang").put(
        MINE, {"town": "dongwan", "items": [{"kind": "notice", "village_id": "7", "way": "each"}]}
    )
    assert (wrong.status_code, wrong.json["code"]) == (422, "village_unknown")
    assert cast.resident("li").put(MINE, {"items": [{"kind": "secrets", "way": "each"}]}).status_code == 422
    with cast.app.app_context(), transaction(writing=False):
        assert len(list(db.session.scalars(select(PublicationSubscription)))) == 1


def test_one_message_to_each_who_chose_it(
    cast: BulletinCast, platform: RecordingPlatform, run_jobs: Run
) -> None:
    choose(cast, "wang", ("notice", None, "each"), ("notice", "V01", "each"), ("notice", "V02", "daily"))
    choose(cast, "li", ("notice", "V02", "each"))
    choose(cast, "zhao", ("article", None, "each"))
    subject = publish(cast, "一村三月收支", "V01")
    publish(cast, "一村三月收支", "V01", subject_id=subject)
    publish(cast, "全镇水费标准")
    run_jobs()
    run_jobs()
    assert told(cast, "wang") == ["全镇水费标准", "一村三月收支"]
    assert told(cast, "li") == ["全镇水费标准"], (
        "of its own village nothing was published, and the town's is for all"
    )
    assert told(cast, "zhao") == []
    newest = cast.resident("wang").get("/resident/inbox").json["items"][1]
    assert (newest["title"], newest["page"]) == ("三务公开有新内容", f"pages-open/notice/index?id={subject}")
    assert platform.sent == [], "nobody granted a message"


def test_who_granted_it_gets_one_push_that_says_what_it_is(
    cast: BulletinCast, platform: RecordingPlatform, run_jobs: Run
) -> None:
    asked = cast.resident("wang").get("/resident/subscriptions").json["items"]
    assert "publication" not in {one["template"] for one in asked}, "who chose nothing is not asked"
    choose(cast, "wang", ("article", None, "each"))
    asked = cast.resident("wang").get("/resident/subscriptions").json["items"]
    template = next(one["template_id"] for one in asked if one["template"] == "publication")
    event = platform.accept("mini-wang", template)
    with cast.app.app_context():
        run_unit(lambda: platform_events.take(event, "event:1"))
    run_jobs()
    article = cast.published(title="合作医疗缴费")
    run_jobs()
    assert [(one.openid, one.page, one.data["thing1"]) for one in platform.sent] == [
        ("mini-wang", f"pages-town/article/index?id={article['id']}", "合作医疗缴费")
    ]
    cast.must(article, "withdraw", note="日期写错了")
    cast.must(cast.must(article, "revise"), "publish")
    run_jobs()
    assert told(cast, "wang") == ["合作医疗缴费"], "published anew, told once"


def test_what_is_the_villages_own_is_told_to_its_villagers_alone(cast: BulletinCast, run_jobs: Run) -> None:
    """OPEN-17: social assistance is shown within the village."""
    for who in ("wang", "li"):
        choose(cast, who, ("notice", None, "each"))
    village_id = int(cast.village("V01"))
    with cast.app.app_context():
        run_unit(lambda: _confirm(int(cast.resident("wang").me["id"]), village_id))
    publish(cast, "低保公示", "V01", audience="village")
    run_jobs()
    assert (told(cast, "wang"), told(cast, "li")) == (["低保公示"], [])


def _confirm(resident_id: int, village_id: int) -> None:
    db.session.add(
        Villager(
            id=new_id(),
            resident_id=resident_id,
            live_resident_id=resident_id,
            state="confirmed",
            town_id=town_by_code("dongwan").id,
            village_id=village_id,
            asked_at=now(),
        )
    )


def test_the_day_is_told_once_at_six_in_the_evening(
    cast: BulletinCast, clock: FrozenClock, run_jobs: Run
) -> None:
    digest(cast, run_jobs)  # of yesterday: nothing
    choose(cast, "wang", ("notice", None, "daily"), ("article", None, "each"))
    choose(cast, "li", ("notice", "V02", "daily"))
    publish(cast, "一村收支", "V01")
    publish(cast, "一村会议", "V01")
    publish(cast, "政策明白纸", kind="article")
    run_jobs()
    digest(cast, run_jobs)
    assert told(cast, "wang") == ["政策明白纸"], "the digest waits for six o'clock"
    clock.advance(timedelta(hours=8))  # 18:00 in Shanghai
    digest(cast, run_jobs)
    clock.advance(timedelta(minutes=10))
    digest(cast, run_jobs)
    assert told(cast, "wang") == ["三务公开：一村会议；三务公开：一村收支。", "政策明白纸"]
    assert told(cast, "li") == []
    publish(cast, "晚上的", "V02")
    clock.advance(timedelta(days=3))
    digest(cast, run_jobs)
    assert told(cast, "wang")[0] == "三务公开：晚上的。", (
        "days without a worker are made up for in one message"
    )
    assert told(cast, "li") == ["三务公开：晚上的。"]


def test_ones_choices_are_ones_own_to_copy_and_to_forget(cast: BulletinCast) -> None:
    choose(cast, "wang", ("wall", "V01", "each"))
    resident_id = int(cast.resident("wang").me["id"])
    other = int(cast.resident("li").me["id"])
    with cast.app.app_context():
        held = run_unit(lambda: personal.copy(resident_id), writing=False)
        assert [record["title"] for record in held[0]["records"]] == ["问题回音壁"]
        choose(cast, "li", ("wall", "V01", "daily"))
        run_unit(lambda: services.merge_resident(other, resident_id))
        assert len(run_unit(lambda: personal.forget_person(other))["publication_subscription"]) == 1
        assert run_unit(lambda: list(db.session.scalars(select(PublicationSubscription)))) == []


def test_a_kind_that_nobody_can_choose_is_a_mistake(cast: BulletinCast) -> None:
    with pytest.raises(ValueError, match="secrets"):
        publish(cast, "x", kind="secrets")
    with cast.app.app_context(), transaction(writing=False):
        assert list(db.session.scalars(select(Publication))) == []


def test_what_goes_up_on_the_wall_and_what_is_talked_over_is_news(
    app: Flask, platform: RecordingPlatform, run_jobs: Run, clock: FrozenClock
) -> None:
    cast = BulletinCast(app)
    choose(cast, "zhao", ("wall", "V01", "each"), ("consultation", None, "each"))
    wall = WallCast(app, run_jobs)
    entry_id = wall.entry_in("published")
    topic = ConsultationCast(app).topic_in("open")
    run_jobs()
    run_jobs()
    pages = {item["page"] for item in cast.resident("zhao").get("/resident/inbox").json["items"]}
    assert pages == {f"pages-wall/entry/index?id={entry_id}", f"pages-consult/topic/index?id={topic}"}
    with app.app_context(), transaction():
        db.session.execute(delete(Publication))
    clock.advance(timedelta(days=2))
    wall.must("lingdao", entry_id, "unpublish", reason="other")
    wall.must("lingdao", entry_id, "publish_again")
    with app.app_context(), transaction(writing=False):
        assert list(db.session.scalars(select(Publication))) == [], "what was public before this is no news"


def test_nobody_is_left_out_when_there_are_more_than_a_step_takes(
    cast: BulletinCast, run_jobs: Run, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest(cast, run_jobs)
    monkeypatch.setattr(services, "BATCH", 1)
    for who, way in (("wang", "each"), ("li", "each"), ("zhao", "daily"), ("sun", "daily")):
        choose(cast, who, ("notice", None, way))
    publish(cast, "全镇水费标准")
    for _ in range(4):
        run_jobs()
    clock.advance(timedelta(hours=9))
    for _ in range(4):
        digest(cast, run_jobs)
    assert [len(told(cast, who)) for who in ("wang", "li", "zhao", "sun")] == [1, 1, 1, 1]
