"""Without a name (§1.5): registered like any other, and nothing of the sender stored; progress by code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, cast, func, select

from backend.kernel.db import db
from backend.petitions import anonymous, files
from backend.petitions.models import Petition, PetitionParty
from backend.workflow.models import TimelineEntry
from tests.factories.petition_forms import CLAIM, FACTS, act, filed
from tests.factories.petitions import stored_file
from tests.support.people import Person

SENDING = "kL3v9-a_word_the_phone_made"
#: an address of documentation (RFC 5737) and what a phone says of itself
ADDRESS, PHONE = "203.0.113.77", "Mozilla/5.0 (Phone of somebody) MicroMessenger/8.0"


def send(client: FlaskClient, **changes: Any) -> Any:
    """As the phone sends it, with all that a browser tells by itself."""
    whole = {"town": "dongwan", "topic": "land", "claim": CLAIM, "facts": FACTS, "sending": SENDING}
    return client.post(
        "/api/v1/public/petitions",
        json=whole | changes,
        headers={"User-Agent": PHONE, "X-Forwarded-For": ADDRESS},
        environ_base={"REMOTE_ADDR": ADDRESS},
    )


def everything(app: Flask) -> dict[str, list[str]]:
    """Every value of every row, as text, by table."""
    with app.app_context():
        return {
            table.name: [
                json.dumps([str(value) for value in row], ensure_ascii=False)
                for row in db.session.execute(select(*(cast(c, String) for c in table.columns)))
            ]
            for table in db.metadata.sorted_tables
        }


def rows(app: Flask) -> Counter[str]:
    with app.app_context():
        return Counter(
            {
                t.name: db.session.scalar(select(func.count()).select_from(t)) or 0
                for t in db.metadata.sorted_tables
            }
        )


def test_a_code_comes_back_and_opens_the_progress(client: FlaskClient) -> None:
    answer = send(client)
    assert answer.status_code == 201, answer.text
    receipt = answer.json
    assert sorted(receipt) == ["code", "code_display", "inform_by", "next_step", "state", "state_label"]
    assert receipt["inform_by"] == "2026-03-25"
    progress = client.post("/api/v1/public/petitions/progress", json={"code": receipt["code_display"]})
    assert progress.status_code == 200, progress.text
    assert progress.json["state_label"] == "已登记"
    # PET-04: nobody can be written to whose name and address are not known
    assert "书面" not in progress.json["next_step"]
    assert [step["title"] for step in progress.json["timeline"]] == ["您提交了信访事项，已登记"]
    for word in (CLAIM, FACTS):
        assert word not in progress.text, "a code opens no word of anybody's"


def test_nothing_of_the_sender_is_stored(client: FlaskClient, app: Flask, resident_client: Any) -> None:
    """Also when the phone is logged in: the session it carries is not looked at."""
    wang: Person = resident_client("wang")
    before = rows(app)
    client_of_wang = wang.client
    client_of_wang.environ_base["HTTP_AUTHORIZATION"] = wang.headers["Authorization"]
    assert send(client_of_wang).status_code == 201
    grown = {name for name, count in rows(app).items() if count != before[name]}
    assert grown == {"petitions", "timeline", "work_clocks", "outbox_jobs"}, "no audit, no key, no session"
    for table, values in everything(app).items():
        if table in {"residents", "wechat_accounts", "login_sessions"}:
            continue  # wang's own, from the login
        for clue in (ADDRESS, PHONE, SENDING, "mini-wang", wang.me["id"]):
            assert not any(clue in value for value in values), f"{table} knows {clue}"
    with app.app_context():
        petition = db.session.scalars(select(Petition)).one()
        assert (petition.resident_id, petition.registered_by, petition.anonymous) == (None, None, True)
        entry = db.session.scalars(select(TimelineEntry)).one()
        assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("public", 0, None)
        assert db.session.scalar(select(PetitionParty.id)) is None


def test_the_log_has_no_address(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    assert send(client).status_code == 201
    written = str([vars(record) for record in caplog.records])
    assert "/api/v1/public/petitions" in written, "the log is looked at"
    assert ADDRESS not in written
    assert PHONE not in written


def test_what_is_owed_for_it_is_done_and_nobody_is_told_who(
    client: FlaskClient, app: Flask, run_jobs: Callable[[], Counter[str]]
) -> None:
    assert send(client).status_code == 201
    ended = run_jobs()
    assert set(ended) <= {"done"}, ended


def test_sent_twice_it_is_one_with_the_same_code(client: FlaskClient, app: Flask) -> None:
    once, twice = send(client), send(client)
    assert once.json == twice.json
    assert rows(app)["petitions"] == 1


def test_words_that_were_changed_meanwhile_are_not_lost_silently(client: FlaskClient) -> None:
    first = send(client).json
    answer = send(client, facts=f"{FACTS}，还砍了树")
    assert (answer.status_code, answer.json["code"]) == (409, "already_sent")
    assert answer.json["details"] == {"code_display": first["code_display"]}


def test_sent_twice_at_the_same_moment_it_is_one(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one looked before the first one committed."""
    first = send(client).json
    answers = iter([None])
    found = anonymous._sent_before
    monkeypatch.setattr(anonymous, "_sent_before", lambda owner: next(answers, found(owner)))
    assert send(client).json == first
    assert rows(app)["petitions"] == 1


def test_files_of_the_same_sending_come_with_it(client: FlaskClient, app: Flask) -> None:
    mine = stored_file(app, files.owner_of_sending(SENDING))
    anothers = stored_file(app, files.owner_of_sending("another-word-of-another-phone"))
    refused = send(client, file_ids=[str(anothers)])
    assert (refused.status_code, refused.json["code"]) == (422, "file_unknown")
    assert send(client, file_ids=[str(mine)]).status_code == 201
    with app.app_context():
        (petition_id,) = db.session.scalars(select(Petition.id)).all()
        assert [one.id for one in files.of_petition(petition_id)] == [mine]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sending": "short"}, "sending"),
        ({"claim": ""}, "claim"),
        ({"topic": "weather"}, "topic"),
        ({"name": "王小明"}, "name"),  # a name does not belong here
    ],
)
def test_each_fault_has_its_sentence(client: FlaskClient, change: dict[str, Any], field: str) -> None:
    answer = send(client, **change)
    assert answer.status_code == 422
    assert answer.json["fields"][field][0]


def test_with_a_name_the_phone_is_asked_too(
    client: FlaskClient, resident_client: Callable[[str], Person]
) -> None:
    code = filed(resident_client("wang"))["code"]
    ask = "/api/v1/public/petitions/progress"
    assert client.post(ask, json={"code": code, "phone": "138 0000 1234"}).status_code == 200
    wrong = client.post(ask, json={"code": code, "phone": "13800001235"})
    none = client.post(ask, json={"code": code})
    unknown = client.post(ask, json={"code": "0000-0000-0000", "phone": "13800001234"})
    assert {one.status_code for one in (wrong, none, unknown)} == {404}
    assert wrong.json["message"] == unknown.json["message"] == none.json["message"]


def test_the_progress_gives_titles_and_dates_only(
    client: FlaskClient, resident_client: Callable[[str], Person]
) -> None:
    wang = resident_client("wang")
    receipt = filed(wang)
    assert act(wang, receipt["id"], "supplement", note="邻居老李也看见了").status_code == 200
    told = client.post(
        "/api/v1/public/petitions/progress", json={"code": receipt["code"], "phone": "13800001234"}
    )
    assert [step["title"] for step in told.json["timeline"]][-1] == "补充了材料"
    for word in ("老李", CLAIM, FACTS, "王小明", "13800001234"):
        assert word not in told.text


def test_the_town_publishes_its_ways(client: FlaskClient) -> None:
    """PET-20: channels, address, phone, hours, procedure; and who is above the township."""
    guide = client.get("/api/v1/public/petitions/guide?town=dongwan")
    assert guide.status_code == 200, guide.text
    assert guide.json["office_name"] == "东湾镇信访办（虚构）"
    assert [one["name"] for one in guide.json["above"]] == ["试验县信访局（示例号码）"]
    assert {"code": "land", "label": "土地、宅基地、征收"} in guide.json["topics"]
    assert all(guide.json[name] for name in ("address", "phone", "hours", "channels", "steps"))
    assert client.get("/api/v1/public/petitions/guide?town=atlantis").status_code == 404
