"""Public pages of topics are kept before Flask, and whatever changes them is seen at the next read (docs/adr/0017)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from backend.comments import personal as own_words
from backend.comments import services as comments
from backend.consultations import personal
from backend.kernel.clock import FrozenClock, today
from backend.kernel.db import run_unit
from tests.api.consultations.test_talking import changed, let_pass, meeting
from tests.factories.consultation_cast import ACCEPTING, OPENING, ConsultationCast, steps_to
from tests.fakes.platform import RecordingPlatform

RunJobs = Callable[[], Any]


class Reader:
    """Somebody without a name who reads a topic again and again, while the clock stands still."""

    def __init__(self, cast: ConsultationCast, topic_id: int) -> None:
        self.cast, self.topic_id, self.client = cast, topic_id, cast.app.test_client()
        self.pages = cast.app.extensions["page_cache"]

    def read(self, what: str) -> Any:
        """One of the pages, which is kept: a second reader gets the same without Flask."""
        path = (
            "/api/v1/public/consultations"
            + {
                "list": "?town=dongwan",
                "topic": f"/{self.topic_id}",
                "said": f"/{self.topic_id}/comments?order=seconds",
            }[what]
        )
        first, hits = self.client.get(path), self.pages.hits
        if first.status_code == 200:
            assert self.client.get(path, headers=self.cast.resident("li").headers).data == first.data
            assert self.pages.hits == hits + 1
        return first.get_json()

    def sees(self, deed: Callable[[], Any], *what: str) -> Any:
        """Each of these pages is another one after the deed; the last of them."""
        before = {one: json.dumps(self.read(one)) for one in what}
        deed()
        after = {one: self.read(one) for one in what}
        for one in what:
            assert json.dumps(after[one]) != before[one], f"{one} is as it was"
        return after[what[-1]]


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> ConsultationCast:
    return ConsultationCast(app)


def ok(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.get_json(silent=True)


def test_every_word_mark_and_seat_is_seen_at_the_next_read(
    cast: ConsultationCast, clock: FrozenClock
) -> None:
    topic_id = cast.propose()
    reader = Reader(cast, topic_id)
    reader.sees(lambda: ok(cast.does("lingdao", topic_id, "accept", **ACCEPTING)), "topic", "list")
    reader.sees(lambda: ok(cast.does("cunzhang1", topic_id, "open", **OPENING)), "topic", "list")
    said = {}

    def speak(who: str, **given: Any) -> None:
        answer = cast.speaks(who, topic_id, **given)
        said[who] = answer.json["id"]
        let_pass(cast, answer)

    reader.sees(lambda: speak("li"), "list", "topic", "said")
    reader.sees(lambda: speak("zhao", kind="question", stance="", text="钱从哪里来"), "list", "topic", "said")
    second, mark = f"/resident/comments/{said['li']}/second", f"/staff/comments/{said['li']}"
    reader.sees(lambda: ok(cast.resident("sun").post(second)), "said")
    reader.sees(lambda: ok(cast.resident("sun").delete(second)), "said")
    answer = {"answer": "从村集体收入里出"}
    shown = reader.sees(
        lambda: ok(cast.desk("cunzhang1").post(f"/staff/comments/{said['zhao']}/answer", answer)), "said"
    )
    assert answer["answer"] in str(shown)
    assert not any(one["mine"] or one["seconded"] for one in shown["items"])
    reader.sees(lambda: ok(cast.desk("fenliu").post(f"{mark}/hide", {"reason": "abuse"})), "list", "said")
    reader.sees(lambda: ok(cast.desk("fenliu").post(f"{mark}/show")), "list", "said")
    statement = f"/resident/consultations/{topic_id}/statements"
    reader.sees(lambda: let_pass(cast, cast.resident("sun").post(statement, {"text": "先装桥头"})), "topic")
    reader.sees(lambda: ok(changed(cast, topic_id, asked="装六盏还是八盏", reason="漏写了盏数")), "topic")
    called = meeting(clock, seats=3)
    reader.sees(lambda: ok(cast.sends("cunzhang1", topic_id, "meeting", **called)), "topic")
    seat = f"/resident/consultations/{topic_id}/seat"
    reader.sees(lambda: ok(cast.resident("li").post(seat)), "topic")
    reader.sees(lambda: ok(cast.resident("li").delete(seat)), "topic")
    ok(cast.resident("sun").post(seat))
    ok(cast.resident("sun").post(second))
    li, zhao, sun = (int(cast.resident(who).me["id"]) for who in ("li", "zhao", "sun"))
    let_pass(cast, cast.speaks("zhao", topic_id, text="我也赞成"))

    def within(deed: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> None:
            with cast.app.app_context():
                run_unit(deed)

        return run

    reader.sees(within(lambda: own_words.let_go(sun)), "said")
    reader.sees(within(lambda: personal.let_go(sun)), "topic")
    reader.sees(within(lambda: comments.merge_resident(zhao, li)), "list", "topic")
    reader.sees(
        lambda: ok(cast.resident("zhao").delete(f"/resident/comments/{said['zhao']}")), "list", "said"
    )


def test_every_step_to_the_end_and_each_rating_is_seen_at_the_next_read(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    topic_id = cast.topic_in("open")
    reader = Reader(cast, topic_id)
    clock.move_to(datetime.fromisoformat("2026-03-25T23:59:50+08:00"))
    run_jobs()

    def midnight() -> None:
        clock.advance(timedelta(seconds=20))
        run_jobs()

    assert reader.sees(midnight, "list", "topic")["state"] == "concluding", "the period ends by itself"
    steps = steps_to("carried_out")
    for who, action, given in steps[[action for _, action, _ in steps].index("period_over") + 1 :]:
        if action == "hand_over":
            cast.set(topic_id, published_until=today() - timedelta(days=1))
        if action == "draft_conclusion":  # nobody reads it before it is signed
            cast.step(who, topic_id, action, **given)
            continue
        reader.sees(lambda w=who, a=action, g=given: cast.step(w, topic_id, a, **g), "topic")  # type: ignore[misc]
    way = f"/resident/consultations/{topic_id}/rating"
    reader.sees(lambda: ok(cast.resident("li").post(way, {"score": 5})), "topic")
    zhao = cast.resident("zhao")
    ok(zhao.post(way, {"score": 1}))
    li_id, zhao_id = int(cast.resident("li").me["id"]), int(zhao.me["id"])

    def merge() -> None:
        with cast.app.app_context():
            run_unit(lambda: personal.merge_resident(li_id, zhao_id))

    assert reader.sees(merge, "topic")["rating"]["n"] == 1
