"""A year as one PDF: asked for at the desk, bound by the worker, read by everybody."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from backend.bulletin import ports, volumes
from backend.bulletin.ports import VolumeEntry
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import run_unit
from backend.outbox import ErrorClass, Failure, Job
from tests.factories.bulletin import LINK, BulletinCast, add_series
from tests.factories.objection_cast import ObjectionCast

Run = Callable[[], Any]


def words(pdf: bytes) -> str:
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(said.split())


def test_a_year_is_bound_with_what_other_features_bring(
    cast: BulletinCast, clock: FrozenClock, run_jobs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = cast.desk("fenliu")
    none = desk.post("/staff/volumes", {"year": 2026})
    assert (none.status_code, none.json["code"]) == (422, "volume_empty")
    monkeypatch.setattr(ports, "_chapters", {})
    ports.chapter_by(
        "三务公开",
        lambda town, first, last: [VolumeEntry("三月收支", first, "一村", ["结余 #strong[不加粗] 元"])],
    )
    ports.chapter_by("没有内容的", lambda town, first, last: [])
    cast.published(title="带上 $身份证$", html="<h2>怎么办</h2><p>到便民服务中心。</p><p>再签字。</p>")
    cast.published(
        title="公众号文章",
        html="",
        link=LINK,
        series_id=str(add_series(cast.app, "ershida", "党的二十大精神")),
    )
    withdrawn = cast.published(title="撤下的")
    cast.must(withdrawn, "withdraw", note="写错了")
    asked = desk.post("/staff/volumes", {"year": 2026})
    assert (asked.status_code, asked.json["state"], asked.json["url"]) == (201, "waiting", "")
    assert desk.post("/staff/volumes", {"year": 2026}).json["code"] == "volume_waiting"
    assert cast.read("volumes")["items"] == []
    run_jobs()
    made = cast.read("volumes")["items"]
    assert [(one["year"], one["articles"], one["until"]) for one in made] == [(2026, 2, "2026-03-10")]
    with cast.app.test_client().get(made[0]["url"]) as answer:
        pdf = answer.data
        assert answer.mimetype == "application/pdf"
    assert len(pdf) == made[0]["size"]
    said = words(pdf)
    for told in ("2026", "政策明白纸", "$身份证$", "到便民服务中心", LINK, "三务公开", "#strong[不加粗]"):
        assert told in said, told
    assert "撤下的" not in said
    assert "没有内容的" not in said
    clock.advance(timedelta(days=1))
    desk = cast.desk("fenliu")
    desk.post("/staff/volumes", {"year": 2026})
    run_jobs()
    assert [one["until"] for one in cast.read("volumes")["items"]] == ["2026-03-11"], (
        "the newest of a year counts"
    )
    assert len(desk.get("/staff/volumes").json["items"]) == 2
    assert cast.desk("xfenliu").get("/staff/volumes").json["items"] == []


def test_what_was_not_made_says_so(cast: BulletinCast, run_jobs: Run) -> None:
    cast.published()
    asked = cast.desk("fenliu").post("/staff/volumes", {"year": 2026}).json
    with cast.app.app_context():
        job = Job(1, volumes.JOB, {"volume_id": asked["id"]}, None, None, 5, 0, now())
        run_unit(lambda: volumes.BindVolume().gave_up(job, Failure(ErrorClass.PERMANENT, "x"), "dead"))
    line = cast.desk("fenliu").get("/staff/volumes").json["items"][0]
    assert (line["state"], bool(line["error"])) == ("failed", True)
    run_jobs()
    assert cast.read("volumes")["items"] == [], "what was given up is not made after all"


def test_a_volume_ends_with_its_year(cast: BulletinCast, clock: FrozenClock, run_jobs: Run) -> None:
    cast.published()
    clock.advance(timedelta(days=300))
    assert cast.desk("fenliu").post("/staff/volumes", {"year": 2027}).status_code == 422
    made = cast.desk("fenliu").post("/staff/volumes", {"year": 2026}).json
    assert date.fromisoformat(made["until"]) == date(2026, 12, 31)


def test_a_volume_holds_the_notices_that_everybody_may_read(cast: BulletinCast) -> None:
    """OPEN-17: what is for one village alone is bound nowhere."""
    town = ObjectionCast(cast.app)
    town.notice(published_on=date(2026, 2, 3))
    town.notice(published_on=date(2026, 2, 4), audience="village")
    town.notice(published_on=date(2025, 12, 31))
    with cast.app.app_context():
        chapters = run_unit(
            lambda: ports.chapters(town.town, date(2026, 1, 1), date(2026, 3, 1)), writing=False
        )
    assert [(label, [(e.title, e.on) for e in entries]) for label, entries in chapters] == [
        ("三务公开", [("2月收支情况", date(2026, 2, 3))])
    ]
    assert chapters[0][1][0].source.endswith("财务")
    assert chapters[0][1][0].paragraphs == ["本月收支已经逐项公开。"]
