"""Files of petitions: what may be sent, what is left of it, who may open it, when it goes (§1.5, §8.1, SEC-06)."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.errors import Invalid
from backend.petitions import clean_pdf, files
from backend.petitions.models import PetitionFile, PetitionReading
from tests.factories import papers, photos
from tests.factories.identity import place_id
from tests.factories.petitions import petition
from tests.support.people import Person

SENDING = "abcdefghijklmnopqrstuvwx"
Residents = Callable[[str], Person]
Desks = Callable[[str], Person]


@pytest.fixture(autouse=True)
def _empty_store(app: Flask) -> None:
    shutil.rmtree(app.extensions["store"].root / "petition", ignore_errors=True)


@pytest.fixture
def wang(resident_client: Residents) -> Person:
    return resident_client("wang")


def send(person: Person, data: bytes, name: str = "材料.pdf", side: str = "resident") -> Any:
    return person.client.post(
        f"/api/v1/{side}/petition-files", headers=person.headers, **papers.form(data, name)
    )


def objects(app: Flask) -> list[Path]:
    root: Path = app.extensions["store"].root / "petition"
    return sorted(p for p in root.rglob("*") if p.is_file())


def attach(app: Flask, person: Person, file_ids: list[str], petition_id: int) -> None:
    owner = f"resident:{person.me['id']}"
    with app.app_context():
        run_unit(lambda: files.attach(owner, [int(one) for one in file_ids], petition_id))


def test_a_pdf_is_kept_without_what_its_sender_did_not_mean_to_send(app: Flask, wang: Person) -> None:
    made = send(wang, papers.pdf(pages=2), "../我的 材料.PDF")
    assert made.status_code == 201, made.text
    assert made.json["name"] == "我的 材料.pdf"
    assert made.json["media_type"] == "application/pdf"
    got = wang.get(f"/resident/petition-files/{made.json['id']}")
    assert got.status_code == 200
    assert len(got.data) == made.json["size"]
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "no-store" in got.headers["Cache-Control"]
    kept = PdfReader(io.BytesIO(got.data))
    assert len(kept.pages) == 2
    assert not kept.metadata
    root: Any = kept.trailer["/Root"]
    assert "/Names" not in root
    assert "/AA" not in kept.pages[0]
    for word in (papers.AUTHOR.encode("utf-16-be"), b"started by itself", b"inside.txt", b"JavaScript"):
        assert word not in got.data


def test_a_file_has_the_name_that_its_owner_gave_it(wang: Person) -> None:
    sent = papers.form(papers.pdf(), "tmp_4f3a.pdf", name="../承包合同.pdf")
    made: Any = wang.client.post("/api/v1/resident/petition-files", headers=wang.headers, **sent)
    assert made.json["name"] == "承包合同.pdf"


def test_a_photo_is_made_anew(wang: Person) -> None:
    made = send(wang, photos.camera_photo(117.2, 35.0), "IMG_1.PNG").json
    assert (made["name"], made["media_type"]) == ("IMG_1.jpg", "image/jpeg")
    got = wang.get(f"/resident/petition-files/{made['id']}")
    assert not dict(Image.open(io.BytesIO(got.data)).getexif())


def test_what_lies_in_the_store_is_encrypted_and_bound_to_its_row(app: Flask, wang: Person) -> None:
    made = send(wang, papers.pdf()).json
    other = send(wang, papers.pdf()).json
    first, second = objects(app)
    for path in (first, second):
        assert path.read_bytes().startswith(b"a1.t1.")
        assert b"%PDF" not in path.read_bytes()
    first.write_bytes(second.read_bytes())
    answers = [wang.get(f"/resident/petition-files/{one['id']}").status_code for one in (made, other)]
    assert answers == [500, 200], "what was put under another row does not open"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"MZ\x90 a program", 422, "file_unknown"),
        (b"%PDF-1.4 cut off", 422, "pdf_broken"),
        (papers.pdf()[:300], 422, "pdf_broken"),
        (papers.pdf(password="secret"), 422, "pdf_locked"),
        (b"%PDF-" + bytes(20_000_000), 413, "file_too_large"),
        (photos.photo()[:2500], 422, "photo_broken"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(
    app: Flask, wang: Person, data: bytes, status: int, code: str
) -> None:
    answer = send(wang, data)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["fields"]["file"]
    assert objects(app) == []


def test_a_form_without_a_file_is_refused(wang: Person) -> None:
    answer: Any = wang.client.post(
        "/api/v1/resident/petition-files", headers=wang.headers, data={"other": "x"}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "file_missing")


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    assert clean_pdf.clean(papers.pdf(pages=501))[0] == {"fault": "too_many_pages"}


def test_another_resident_finds_nothing(wang: Person, resident_client: Residents) -> None:
    made = send(wang, papers.pdf()).json
    other = resident_client("li")
    assert other.get(f"/resident/petition-files/{made['id']}").status_code == 404


def test_staff_open_what_is_in_their_hands_and_it_is_noted(
    app: Flask, wang: Person, staff_client: Desks
) -> None:
    """§8.1 point 8: every reading is audited, and the petitioner can see it."""
    made = send(wang, papers.pdf()).json
    town = place_id(app, "dongwan")
    petition_id = petition(app, town, resident_id=int(wang.me["id"]))
    path = f"/staff/petition-files/{made['id']}"
    assert staff_client("xinfang").get(path).status_code == 404, "not yet of any petition"
    attach(app, wang, [made["id"]], petition_id)
    assert staff_client("xinfang").get(path).status_code == 200
    assert staff_client("xxinfang").get(path).status_code == 404, "another town's office"
    assert staff_client("chengguan").get(path).status_code == 404, "a unit that does not have it"
    for username in ("fenliu", "guanli", "jianju"):
        assert staff_client(username).get(path).status_code == 403, username
    assert wang.get(f"/resident/petition-files/{made['id']}").status_code == 200
    with app.app_context(), transaction(writing=False):
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "petition_file.open"))
        assert [(row.actor_kind, row.subject_id) for row in noted] == [
            ("staff", petition_id),
            ("resident", petition_id),
        ]
        assert db.session.scalars(select(PetitionReading.unit_name)).all() == ["镇便民服务中心"]


def test_only_ones_own_waiting_files_can_be_attached(
    app: Flask, wang: Person, resident_client: Residents
) -> None:
    made = send(wang, papers.pdf()).json
    town = place_id(app, "dongwan")
    first, second = petition(app, town), petition(app, town)
    with pytest.raises(Invalid, match="file_unknown"):
        attach(app, resident_client("li"), [made["id"]], first)
    attach(app, wang, [made["id"]], first)
    attach(app, wang, [made["id"]], first)  # sent again: the same
    with pytest.raises(Invalid, match="file_used"):
        attach(app, wang, [made["id"]], second)
    with pytest.raises(Invalid, match="too_many_files"):
        attach(app, wang, [str(n) for n in range(10)], first)
    with app.app_context(), transaction(writing=False):
        assert [str(row.id) for row in files.of_petition(first)] == [made["id"]]


def test_nothing_of_a_sender_without_a_name_is_kept(app: Flask, wang: Person) -> None:
    """§1.5: a hash of what the phone made up, and no name of the file."""
    answer: Any = wang.client.post(
        "/api/v1/public/petition-files",
        headers={"X-Sending": SENDING},
        **papers.form(papers.pdf(), "张三的信.pdf"),
    )
    assert answer.status_code == 201, answer.text
    assert answer.json["name"] == "材料.pdf"
    with app.app_context(), transaction(writing=False):
        row = db.session.scalars(select(PetitionFile)).one()
        assert row.owner == files.owner_of_sending(SENDING)
        assert SENDING not in row.owner
    short: Any = wang.client.post(
        "/api/v1/public/petition-files", headers={"X-Sending": "1"}, **papers.form(b"x")
    )
    assert (short.status_code, short.json["code"]) == (422, "sending_missing")


def test_what_nobody_attached_goes_with_its_bytes(
    app: Flask,
    wang: Person,
    clock: FrozenClock,
    run_jobs: Callable[[], Counter[str]],
) -> None:
    """PI-08: a draft's files after 30 days; of a sending without a name after one."""
    kept = send(wang, papers.pdf()).json
    send(wang, papers.pdf())
    wang.client.post(
        "/api/v1/public/petition-files", headers={"X-Sending": SENDING}, **papers.form(papers.pdf())
    )
    attach(app, wang, [kept["id"]], petition(app, place_id(app, "dongwan")))
    left = []
    for days in (1, 30):
        clock.advance(timedelta(days=days, minutes=1))
        run_jobs()
        run_jobs()
        left.append(len(objects(app)))
    assert left == [2, 1]


def test_files_follow_a_person_whose_records_become_one(app: Flask, wang: Person) -> None:
    made = send(wang, papers.pdf()).json
    with app.app_context():
        run_unit(lambda: files.merge_resident(4711, int(wang.me["id"])))
        run_unit(lambda: files.attach("resident:4711", [int(made["id"])], 1))
