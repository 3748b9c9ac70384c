"""Questions about notices and requests to publish on their way, with the villagers who bring them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.comments.models import Comment
from backend.finance.models import FinanceLine, FinanceSheet
from backend.kernel.clock import now, start_of_day, today
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_code, new_id
from backend.kernel.page_numbers import bump
from backend.notices.models import Notice
from backend.notices.objection_models import NoticeObjection
from backend.notices.publishing import surrogate
from backend.notices.publishing_request_models import PublishingRequest, PublishingRequestJoin
from backend.villagers.models import Villager
from backend.workflow import chain
from tests.factories.cases import Cast
from tests.factories.identity import place_id

ASKED, DEMANDED = "第3行的1200元是买什么的", "请公开今年的修路账目"


class ObjectionCast(Cast):
    """Everyone who takes part; `village` is V01 of 东湾镇."""

    def __init__(self, app: Flask, run_jobs: Callable[[], Any] = lambda: None) -> None:
        super().__init__(app)
        self.run_jobs = run_jobs
        self.town, self.village = place_id(app, "dongwan"), place_id(app, "V01")

    def within(self, work: Callable[[], Any]) -> Any:
        """Do it in one unit of its own."""
        with self.app.app_context():
            ensure_node()
            return run_unit(work)

    def confirm(self, resident_id: int, village: str = "V01") -> None:
        """The village has confirmed this resident."""
        village_id = place_id(self.app, village)

        def put() -> None:
            if db.session.query(Villager).filter_by(live_resident_id=resident_id).first() is None:
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

    def villager(self, person: str, village: str = "V01") -> Any:
        """A resident who is a confirmed villager."""
        who = self.resident(person)
        self.confirm(int(who.me["id"]), village)
        return who

    def representative(self, person: str, who: str = "cunzhang1", *, on: bool = True) -> Any:
        """The village notes that a villager is a representative, or no more; the answer."""
        resident_id = int(self.villager(person).me["id"])
        query = select(Villager.id).where(Villager.live_resident_id == resident_id)
        villager_id = self.within(lambda: db.session.scalar(query))
        return self.desk(who).put(f"/staff/villagers/{villager_id}/representative", {"representative": on})

    def notice(
        self,
        *,
        category: str = "finance_sheet",
        period: str = "",
        published_on: date | None = None,
        audience: str = "public",
        sheet_lines: int = 0,
        corrects: int | None = None,
    ) -> int:
        """A notice of V01 that stands published since that day, or since today; its id.

        `corrects`: it is the first correction of that notice, listed nowhere.
        """
        number = 1 if corrects is None else 2

        def put() -> int:
            day = published_on or today()
            moment = start_of_day(day) + timedelta(hours=9)
            row = Notice(
                id=new_id(),
                code=new_code(),
                town_id=self.town,
                village_id=self.village,
                corrects_id=corrects,
                number=number,
                section="finance",
                category=category,
                title="2月收支情况",
                body="本月收支已经逐项公开。",
                audience=audience,
                period=period,
                sheet_id=self._sheet(sheet_lines, number) if sheet_lines else None,
                state="published",
                chain_head=chain.START,
                drafted_by=1,
                listed=audience if corrects is None else "",
                published_at=moment,
                published_on=day,
                shown_until=day + timedelta(days=15),
                canonical="{}",
                hash="0" * 64,
                created_at=moment,
                updated_at=moment,
            )
            db.session.add(row)
            bump(surrogate(self.town))
            db.session.flush()
            return row.id

        return int(self.within(put))

    def _sheet(self, lines: int, of_month: int) -> int:
        """A sheet is known by its lines here."""
        sheet = FinanceSheet(
            id=new_id(),
            town_id=self.town,
            village_id=self.village,
            month="2026-02",
            number=of_month,
            state="sealed",
            foot="{}",
            created_by=1,
            created_at=now(),
            updated_at=now(),
        )
        db.session.add(sheet)
        db.session.flush()
        for no in range(1, lines + 1):
            line = FinanceLine(
                sheet_id=sheet.id,
                no=no,
                happened_on=today(),
                voucher=str(no),
                category="office",
                direction="out",
                income_fen=0,
                expense_fen=120_000,
                papers=1,
                said="{}",
                shown={},
            )
            db.session.add(line)
        return sheet.id

    def put_objection(self, **columns: Any) -> int:
        """A question that everybody may read, as if it had been asked; its id."""

        def put() -> int:
            said = self._said("notice", ASKED)
            given = {"resident_id": 1, "state": "asked", "notice_id": 1, "shown": True} | columns
            closed = given["state"] in {"answered", "satisfied", "town_answered", "hidden"}
            row = NoticeObjection(
                form="objection",
                comment_id=said,
                town_id=self.town,
                village_id=self.village,
                chain_head=chain.START,
                created_at=now(),
                updated_at=now(),
                closed_at=now() if closed else None,
                **given,
            )
            db.session.add(row)
            db.session.flush()
            return row.id

        return int(self.within(put))

    def put_request(self, **columns: Any) -> int:
        """A request of V01 that everybody may read, with its asker behind it; its id."""

        def put() -> int:
            said = self._said("publishing_request", DEMANDED)
            given = {"resident_id": 1, "state": "collecting", "joined": 1, "needed": 10} | columns
            row = PublishingRequest(
                comment_id=said,
                town_id=self.town,
                village_id=self.village,
                chain_head=chain.START,
                shown=True,
                entitled=96,
                entitled_from="entered",
                closes_on=today() + timedelta(days=90),
                created_at=now(),
                updated_at=now(),
                **given,
            )
            db.session.add(row)
            db.session.flush()
            for number in range(row.joined):
                db.session.add(PublishingRequestJoin(request_id=row.id, holder=f"{row.id}-{number}"))
            return row.id

        return int(self.within(put))

    def _said(self, kind: str, text: str) -> int:
        row = Comment(
            id=new_id(),
            subject_kind=kind,
            subject_id=1,
            town_id=self.town,
            village_id=self.village,
            resident_id=None,
            kind="question",
            stance="",
            text=text,
            marks=[],
            state="shown",
            held_because="",
            created_at=now(),
            shown_at=now(),
            answer="",
            objection="",
        )
        db.session.add(row)
        db.session.flush()
        return row.id

    # --- requests to publish ----------------------------------------------------------------------------------

    def roll(self, villagers: int, who: str = "cunzhang1", **more: int) -> Any:
        """The village enters how many villagers it has, and perhaps how many representatives; the answer."""
        return self.desk(who)._send(
            "PUT", f"/staff/village-rolls/{self.village}", json={"villagers": villagers, **more}
        )

    def demand(
        self, who: str = "wang", text: str = DEMANDED, *, run: bool = True, **more: Any
    ) -> dict[str, Any]:
        """A villager demands that something be published; shown once the checks have run."""
        answer = self.villager(who).post("/resident/publishing-requests", {"text": text, **more})
        assert answer.status_code == 201, answer.text
        if run:
            self.run_jobs()
        made: dict[str, Any] = answer.json
        return made

    def request_page(self, request_id: Any) -> dict[str, Any]:
        """A request as everybody reads it."""
        answer = self.app.test_client().get(f"/api/v1/public/publishing-requests/{request_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def decide(self, username: str, request_id: Any, action: str, **given: Any) -> Any:
        """A step at the desk with the present version unless one is given; the answer."""
        given.setdefault("version", self.of(PublishingRequest, request_id, "version"))
        return self.desk(username).post(f"/staff/publishing-requests/{request_id}/actions/{action}", given)

    def of(self, model: Any, row_id: Any, name: str) -> Any:
        """One column of a row."""
        return self.within(lambda: getattr(db.session.get_one(model, int(row_id)), name))

    def told(self, who: str) -> list[str]:
        """The titles in a resident's inbox."""
        return [one["title"] for one in self.resident(who).get("/resident/inbox").json["items"]]
