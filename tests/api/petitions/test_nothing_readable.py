"""With a copy of the database and the store, but without the keys, no petitioner's word is readable (SEC-06, §1.5)."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal_column, select

from backend.kernel.clock import FrozenClock, today
from backend.kernel.db import db, transaction
from backend.kernel.settings import settings
from tests.factories import papers
from tests.factories import petition_forms as forms
from tests.factories.identity import unit_id
from tests.support.people import Person

#: what the people of this petition said or are called; each word stands nowhere else in the program
WORDS = {
    "claim": "退还苜蓿地",
    "facts": "桑葚树全被挖走",
    "reasons": "没有给榆钱补偿",
    "name": "欧阳苜蓿",
    "phone": "13912345671",
    "address": "鹧鸪巷七号",
    "agent": "慕容桑葚",
    "file": "荸荠照片证据",
    "supplement": "又挖了两棵楝树",
    "avoidance": "请萱草所长回避",
    "opinion_facts": "经查苜蓿地属实",
    "opinion": "给付榆钱若干",
    "rating": "态度像冬瓜",
    "review": "对鹌鹑数目不服",
    "review_note": "维持鹌鹑意见",
    "call_back": "他说芫荽好了",
    "note": "内部谈到蓖麻",
    "contact_reason": "问欧芹的去处",
    "visit": "来谈芜菁",
    "visit_answer": "带上牛蒡",
    "anonymous": "匿名说的茱萸",
    "anonymous_facts": "匿名见到的菖蒲",
}
ID_NUMBER = forms.ID_NUMBER
SENDING = "word_of_a_phone_0123456789"


@pytest.fixture
def petition_id(
    app: Flask,
    resident_client: Callable[[str], Person],
    staff_client: Callable[[str], Person],
    run_jobs: Callable[[], Counter[str]],
) -> str:
    """A petition taken all the way, with everything that anybody may write on it."""
    shutil.rmtree(app.extensions["store"].root / "petition", ignore_errors=True)  # other tests' files
    wang, office = resident_client("wang"), staff_client("xinfang")
    sent = wang.client.post(
        "/api/v1/resident/petition-files",
        headers=wang.headers,
        **papers.form(papers.pdf(), f"{WORDS['file']}.pdf"),
    )
    said = {name: WORDS[name] for name in ("claim", "facts", "reasons", "name", "phone", "address")}
    agent = {"name": WORDS["agent"], "phone": "13912345672", "relation": "儿子"}
    more = {"id_number": ID_NUMBER, "agents": [agent], "file_ids": [sent.json["id"]]}
    made: str = forms.filed(wang, **said, **more)["id"]
    _both_sides(app, wang, office, made)
    anonymous = {"town": "dongwan", "topic": "land", "claim": WORDS["anonymous"], "sending": SENDING}
    body = anonymous | {"facts": WORDS["anonymous_facts"]}
    assert wang.client.post("/api/v1/public/petitions", json=body).status_code == 201
    run_jobs()
    return made


def _both_sides(app: Flask, wang: Person, office: Person, made: str) -> None:
    def petitioner(action: str, **given: Any) -> None:
        answer = forms.act(wang, made, action, **given)
        assert answer.status_code == 200, (action, answer.text)

    petitioner("supplement", note=WORDS["supplement"])
    petitioner("ask_avoidance", note=WORDS["avoidance"])
    forms.by_office(app, made, "accept", unit_id=str(unit_id(app, "urban")))
    forms.by_office(app, made, "start", "chengguan")
    forms.by_office(app, made, "note", note=WORDS["note"])
    drafted = {"claim": WORDS["claim"], "facts": WORDS["opinion_facts"], "note": WORDS["opinion"]}
    forms.by_office(
        app, made, "draft_opinion", "chengguan", outcome="supported", basis="土地管理法", **drafted
    )
    forms.by_office(app, made, "approve_opinion", "lingdao")
    with app.app_context():
        day = today()
    delivery = {"way": "in_person", "delivered_on": day, "signed": "signed", "stance": "disagrees"}
    forms.by_office(app, made, "deliver", **delivery)
    petitioner("rate_unit", score="unsatisfied", note=WORDS["rating"])
    call_back = {"way": "phone", "got_notice": "yes", "got_opinion": "yes", "note": WORDS["call_back"]}
    forms.by_office(app, made, "call_back", **call_back)
    petitioner("ask_review", note=WORDS["review"])
    decided = {
        "body": "市人民政府",
        "number": "市复查〔2026〕3号",
        "note": WORDS["review_note"],
        "delivered_on": day,
    }
    forms.by_office(app, made, "record_review", **decided)
    read = office.post(f"/staff/petitions/{made}/contact", {"reason": WORDS["contact_reason"]})
    assert WORDS["phone"] in read.text
    _announce_a_visit(wang, office)


def _announce_a_visit(wang: Person, office: Person) -> None:
    """PET-18: what is said there is a petitioner's word too."""
    asked = {
        "town": "dongwan",
        "visit_on": "2026-03-11",
        "slot": "08:30-12:00",
        "topic": "land",
        "matter": WORDS["visit"],
        "name": WORDS["name"],
        "phone": WORDS["phone"],
        "representatives": [WORDS["name"], WORDS["agent"]],
    }
    visit: Any = wang.post("/resident/petition-visits", asked)
    assert visit.status_code == 201, visit.text
    decided = {"version": 1, "decision": "confirm", "answer": WORDS["visit_answer"]}
    assert office.post(f"/staff/petition-visits/{visit.json['id']}/decision", decided).status_code == 200


def _copy_of_everything(app: Flask) -> dict[str, bytes]:
    """What somebody gets who copies the database and the folder of the data: rows as stored, files as they lie."""
    found: dict[str, bytes] = {}
    with app.app_context(), transaction(writing=False):
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(select(literal_column("*")).select_from(table)).all()  # as it is stored
            found[f"table {table.name}"] = "\n".join(str(value) for row in rows for value in row).encode()
        folders = {settings().data_dir, app.extensions["store"].root}
    files = {path for folder in folders for path in Path(folder).rglob("*") if path.is_file()}
    return found | {str(path): path.read_bytes() for path in files}


def _forms_of(word: str) -> set[bytes]:
    """How a word may lie in a file: as text, as JSON writes it, as a PDF's or Windows' wide characters."""
    escaped = json.dumps(word)[1:-1]
    return {
        word.encode(),
        escaped.encode(),
        word.encode("utf-16-be"),
        word.encode("utf-16-le"),
        word.encode("gbk"),
    }


def _where(copy: dict[str, bytes], word: str) -> list[str]:
    return [where for where, data in copy.items() if any(form in data for form in _forms_of(word))]


def test_no_petitioners_word_lies_anywhere(app: Flask, petition_id: str) -> None:
    copy = _copy_of_everything(app)
    said = {**WORDS, "id_number": ID_NUMBER, "sending": SENDING}
    assert {name: where for name, word in said.items() if (where := _where(copy, word))} == {}


def test_the_search_would_find_them(app: Flask, petition_id: str) -> None:
    """What is in clear by decision (ADR 0012) is found: state, topic, unit. So is a word that leaked."""
    copy = _copy_of_everything(app)
    for word in ("reviewed", "land", petition_id):
        assert any("table petitions" in where for where in _where(copy, word)), word
    code = forms.row(app, petition_id, lambda petition: petition.code)
    of_database = {
        where: data for where, data in copy.items() if "test.db" in where
    }  # SQLite's, with its log
    assert not of_database or _where(of_database, code)
    leaked = {"table x": json.dumps({"note": WORDS["note"]}).encode(), "y": WORDS["file"].encode("utf-16-be")}
    assert _where(leaked, WORDS["note"]) == ["table x"]
    assert _where(leaked, WORDS["file"]) == ["y"]


def test_objects_are_sealed_and_say_nothing_of_what_they_are(app: Flask, petition_id: str) -> None:
    root: Path = app.extensions["store"].root / "petition"
    objects = [path for path in root.rglob("*") if path.is_file()]
    assert len(objects) >= 1 + 2 * 3  # what was sent; acceptance, opinion and review as two files each
    for path in objects:
        data = path.read_bytes()
        assert data.startswith(b"a1.t1.")
        assert not any(mark in data for mark in (b"%PDF", b"PK\x03\x04", b"word/document.xml"))
        assert path.suffix == ".sealed"


def test_with_the_keys_they_read_it(
    app: Flask,
    petition_id: str,
    resident_client: Callable[[str], Person],
    staff_client: Callable[[str], Person],
) -> None:
    """Nothing was lost on the way: those who may, read every word."""
    page = staff_client("xinfang").get(f"/staff/petitions/{petition_id}").text
    own = resident_client("wang").get(f"/resident/petitions/{petition_id}").text
    for name in ("claim", "facts", "reasons", "supplement", "review_note", "file"):
        assert WORDS[name] in page, name
        assert WORDS[name] in own, name
    for name in ("avoidance", "call_back", "note"):
        assert WORDS[name] in page, name


def test_nothing_of_it_stands_in_the_logs(
    app: Flask, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    with caplog.at_level("DEBUG"):
        request.getfixturevalue("petition_id")
    lines = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "/resident/petitions" in lines
    assert [word for word in WORDS.values() if word in lines] == []


def test_a_month_later_it_still_holds(
    app: Flask, petition_id: str, clock: FrozenClock, run_jobs: Callable[[], Counter[str]]
) -> None:
    """Timers, messages and purges write rows of their own."""
    clock.advance(timedelta(days=40))
    run_jobs()
    copy = _copy_of_everything(app)
    assert {name: where for name, word in WORDS.items() if (where := _where(copy, word))} == {}
