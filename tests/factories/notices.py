"""Notices on their way over HTTP: drafted, reviewed, confirmed and published by V01's four people."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.identity.models import Staff
from backend.kernel.clock import now, today
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.notices.models import CommitteeMember
from backend.villagers.models import Villager
from tests.factories.cases import Cast
from tests.factories.identity import place_id

GIVEN = {"title": "村道养护安排", "body": "东湾村南路本月铺沙石两百米。", "category": "village_consulted"}
#: who takes which step in V01
WAY = (("submit", "wenshu1"), ("agree", "jiandu1"), ("confirm", "shuji1"), ("publish", "cunzhang1"))
OPINIONS = {"agree": "属实，同意公开", "confirm": "联席会议同意公开"}


def pdf(text: str = "Notice") -> bytes:
    """A PDF of one page with a line of text, and somebody's name as its author."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(width=300, height=400)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 24 Tf 50 300 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.add_metadata({"/Author": "Li Si"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xlsx(*rows: tuple[Any, ...]) -> bytes:
    """A workbook with these rows."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class NoticeCast(Cast):
    """Everyone who takes part; `village` is V01 of 东湾镇, whose committee sits."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.town, self.village = place_id(app, "dongwan"), place_id(app, "V01")
        self.seat()

    def within(self, work: Any) -> Any:
        """Do it in one unit of its own."""
        with self.app.app_context():
            ensure_node()
            return run_unit(work)

    def seat(self, others: int = 2) -> None:
        """The committee of V01: jiandu1 and some without an account, once."""

        def put() -> None:
            if db.session.query(CommitteeMember).filter_by(village_id=self.village).first() is not None:
                return
            staff_id = db.session.scalar(select(Staff.id).where(Staff.username == "jiandu1"))
            for who, name in [(staff_id, "监督甲"), *[(None, f"委员{n}") for n in range(others)]]:
                db.session.add(
                    CommitteeMember(
                        id=new_id(),
                        town_id=self.town,
                        village_id=self.village,
                        staff_id=who,
                        name=name,
                        no_kin=True,
                        from_on=today() - timedelta(days=30),
                        until_on=today() + timedelta(days=700),
                        entered_by=1,
                        created_at=now(),
                    )
                )

        self.within(put)

    def confirm_villager(self, who: str, village: str = "V01") -> None:
        """The village has confirmed this resident."""
        resident_id, village_id = int(self.resident(who).me["id"]), place_id(self.app, village)

        def put() -> None:
            db.session.add(
                Villager(
                    id=new_id(),
                    resident_id=resident_id,
                    live_resident_id=resident_id,
                    town_id=self.town,
                    village_id=village_id,
                    state="confirmed",
                    asked_at=now(),
                )
            )

        self.within(put)

    def drafted(self, who: str = "wenshu1", **given: Any) -> dict[str, Any]:
        """A draft of V01 as its drafter sees it."""
        answer = self.draft(who, **given)
        assert answer.status_code == 201, answer.text
        seen: dict[str, Any] = answer.json
        return seen

    def draft(self, who: str = "wenshu1", **given: Any) -> Any:
        """The answer to a new draft."""
        return self.desk(who).post("/staff/notices", {**GIVEN, "village_id": str(self.village), **given})

    def seen(self, notice: dict[str, Any], who: str) -> dict[str, Any]:
        """The notice as somebody at the desk sees it."""
        found: dict[str, Any] = self.desk(who).get(f"/staff/notices/{notice['id']}").json
        return found

    def do(self, notice: dict[str, Any], action: str, who: str, **given: Any) -> Any:
        """A step with the present version unless one is given; the answer."""
        if "version" not in given:
            given["version"] = self.seen(notice, "fenliu")["version"]
        if action in OPINIONS:
            given.setdefault("note", OPINIONS[action])
        return self.desk(who).post(f"/staff/notices/{notice['id']}/actions/{action}", given)

    def must(self, notice: dict[str, Any], action: str, who: str, **given: Any) -> dict[str, Any]:
        """The same; it must succeed."""
        answer = self.do(notice, action, who, **given)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json
        return seen

    def walked(self, notice: dict[str, Any], until: str = "publish") -> dict[str, Any]:
        """The notice after the chain's steps up to this one."""
        for action, who in WAY:
            notice = self.must(notice, action, who)
            if action == until:
                break
        return notice

    def published(self, **given: Any) -> dict[str, Any]:
        """A published notice."""
        return self.walked(self.drafted(**given))

    def send(self, notice: dict[str, Any], data: bytes, name: str, who: str = "wenshu1") -> Any:
        """A file sent to a draft; the answer."""
        return self.desk(who)._send(
            "POST",
            f"/staff/notices/{notice['id']}/attachments",
            data={"file": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )

    def public(self, path: str = "", **query: str) -> Any:
        """What everybody reads under /public/notices; the answer."""
        town = {} if path else {"town": "dongwan"}
        return self.app.test_client().get(f"/api/v1/public/notices{path}", query_string=town | query)
