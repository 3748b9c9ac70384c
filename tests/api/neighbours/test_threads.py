"""Two neighbours write each other through the platform only; what they wrote goes thirty days after the end (PI-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.neighbours import personal
from backend.neighbours.models import NeighbourMessage
from backend.rights import retention
from tests.api.neighbours.conftest import Street

NUMBER = "我的号码是13812345678"


def messages(street: Street, thread_id: str, who: str) -> list[tuple[bool, str]]:
    found = street.resident(who).get(f"/resident/neighbour-threads/{thread_id}").json["items"]
    return [(one["mine"], one["text"]) for one in found]


def write(street: Street, thread_id: str, who: str, words: str) -> Any:
    return street.resident(who).post(f"/resident/neighbour-threads/{thread_id}/messages", {"text": words})


def test_only_the_two_write_and_a_number_only_when_both_agree(street: Street) -> None:
    post_id = street.posted()
    assert street.ask(post_id, "wang").json["code"] == "own_post"
    assert street.ask(post_id, text=NUMBER).json["code"] == "personal_data"
    asked = street.ask(post_id)
    assert asked.status_code == 201, asked.text
    thread_id = asked.json["id"]
    assert street.ask(post_id, text="还在吗？").json["id"] == thread_id, "one talk for each asker"
    owner = street.resident("wang").get("/resident/neighbour-threads").json["items"][0]
    assert (owner["unread"], owner["with_label"], owner["mine"]) == (2, "联系您的邻居", True)
    read = street.resident("wang").post(f"/resident/neighbour-threads/{thread_id}/read")
    assert read.json["unread"] == 0
    told = street.resident("wang").get("/resident/inbox").json["items"]
    lines = [one for one in told if one["title"] == "邻里互助有新消息"]
    assert len(lines) == 2
    assert all("还在吗" not in one["text"] for one in lines), "what was written stands on the page only"
    for path in ("messages", "agreement", "end", "read"):
        body = {"messages": {"text": "好"}, "agreement": {"agree": True}}.get(path, {})
        assert (
            street.resident("li").post(f"/resident/neighbour-threads/{thread_id}/{path}", body).status_code
            == 404
        )
    agreement = f"/resident/neighbour-threads/{thread_id}/agreement"
    street.resident("wang").post(agreement, {"agree": True})
    assert write(street, thread_id, "wang", NUMBER).status_code == 422, "one word is not both"
    assert street.resident("zhao").post(agreement, {"agree": True}).json["both_agreed"] is True
    assert write(street, thread_id, "wang", NUMBER).status_code == 201
    assert write(street, thread_id, "zhao", "身份证110101199003070038").status_code == 422
    assert write(street, thread_id, "zhao", "要鞭炮吗").json["code"] == "not_traded"
    assert messages(street, thread_id, "zhao")[0] == (False, NUMBER)
    with street.app.app_context(), transaction(writing=False):
        stored = db.session.scalars(text("SELECT text FROM neighbour_messages")).all()
    assert not any("13812345678" in one or "方便" in one for one in stored), "encrypted at rest"
    street.resident("zhao").post(f"/resident/neighbour-threads/{thread_id}/end")
    assert write(street, thread_id, "wang", "喂").json["code"] == "thread_ended"


def test_what_was_written_is_deleted_after_its_time_and_a_dry_run_only_counts(
    street: Street, clock: FrozenClock
) -> None:
    post_id = street.posted()
    thread_id = street.ask(post_id).json["id"]
    clock.advance(timedelta(days=5))
    street.do(post_id, "close")
    shown = street.resident("zhao").get(f"/resident/neighbour-threads/{thread_id}").json["thread"]
    assert shown["delete_on"] == "2026-04-14"

    def due() -> int:
        with street.app.app_context():
            found = run_unit(retention.due, writing=False)
            return next(one.many for one in found if one.rule.code == "neighbour_messages")

    clock.advance(timedelta(days=29))
    assert due() == 0
    clock.advance(timedelta(days=2))
    assert due() == 1
    assert len(messages(street, thread_id, "zhao")) == 1, "a dry run erases nothing"
    with street.app.app_context():
        retention.run()
        with transaction(writing=False):
            assert db.session.scalar(select(func.count()).select_from(NeighbourMessage)) == 0
    assert street.resident("zhao").get("/resident/neighbour-threads").json["items"] == []
    assert street.resident("wang").get(f"/resident/neighbours/{post_id}").status_code == 200
    clock.advance(timedelta(days=150))
    with street.app.app_context():
        retention.run()
    street.people.clear()  # their sessions have run out
    assert street.resident("wang").get(f"/resident/neighbours/{post_id}").status_code == 404
    said = street.resident("wang").get("/resident/comments").json["items"]
    assert said == [], "the words went with the post"


def test_a_persons_posts_and_words_are_in_their_copy_and_go_with_them(street: Street) -> None:
    post_id = street.posted()
    street.ask(post_id)
    person = {who: int(street.resident(who).me["id"]) for who in ("wang", "zhao")}

    def copied(who: str) -> dict[str, int]:
        with street.app.app_context():
            found = run_unit(lambda: personal.copy(person[who]))
        return {one["code"]: len(one["records"]) for one in found}

    assert copied("wang") == {"neighbour_posts": 1, "neighbour_messages": 0}
    assert copied("zhao") == {"neighbour_posts": 0, "neighbour_messages": 1}
    with street.app.app_context():
        run_unit(lambda: personal.let_go(person["wang"]))
    row = street.row(post_id)
    assert (row.resident_id, row.title, row.state) == (0, "", "expired")
    assert (street.listed(), copied("zhao")["neighbour_messages"]) == ([], 0)
