"""Petitions on their way: brought to any state by the services, looked at and acted on over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.identity.models import Staff
from backend.kernel.actor import SYSTEM
from backend.kernel.clock import today
from backend.kernel.db import db, run_unit
from backend.petitions import services
from backend.petitions.models import Petition
from tests.factories.cases import Cast, _actor, _resident, _unit_id
from tests.factories.petition_forms import filed

OUTSIDE = "滕州市自然资源局"
DRAFT = {
    "outcome": "supported",
    "claim": "请求退还被占的承包地",
    "facts": "经现场丈量，修路占用承包地 0.5 亩，没有签订协议",
    "note": "支持请求，三十日内退还并恢复原状",
    "basis": "《农村土地承包法》第五十六条",
}
#: who takes which step, and what they fill in; dates are days from today
WAY: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "registered": (),
    "objected": (("xinfang", "object", {"note": "地块在邻镇，不属于本镇职权"}),),
    "accepted": (("xinfang", "accept", {"unit_id": "urban", "staff_id": "chengguan"}),),
    "suggested": (("xinfang", "study", {"unit_id": "urban", "staff_id": "chengguan"}),),
    "handling": (("chengguan", "start", {}),),
    "opinion_drafted": (("chengguan", "draft_opinion", DRAFT),),
    "opinion_approved": (("lingdao", "approve_opinion", {}),),
    "answered": (
        (
            "xinfang",
            "deliver",
            {"way": "in_person", "delivered_on": 0, "signed": "signed", "stance": "disagrees"},
        ),
    ),
    "reviewing": (("wang", "ask_review", {"note": "丈量的面积不对"}),),
    "reviewed": (
        (
            "xinfang",
            "record_review",
            {
                "body": "滕州市人民政府",
                "number": "滕政复查〔2026〕3号",
                "note": "维持原处理意见",
                "delivered_on": 0,
            },
        ),
    ),
    "reexamining": (("wang", "ask_reexamination", {"note": "没有到现场核实"}),),
    "hearing": (("xinfang", "begin_hearing", {"note": "枣庄市举行听证"}),),
    "final": (
        (
            "xinfang",
            "record_reexamination",
            {
                "body": "枣庄市人民政府",
                "number": "枣政复核〔2026〕1号",
                "note": "维持复查意见",
                "delivered_on": 0,
            },
        ),
    ),
    "guided": (("xinfang", "guide", {"branch": "2", "body": "滕州市土地仲裁委", "note": "可以申请仲裁"}),),
    "transferred": (("xinfang", "transfer", {"body": OUTSIDE, "note": "属市里职权"}),),
    "not_accepted": (("xinfang", "refuse", {"body": OUTSIDE, "note": "不属于信访事项"}),),
    "no_longer": (("xinfang", "no_longer_accept", {"into_code": "final", "note": "同一事实和理由"}),),
    "returned": (("xinfang", "sender_agrees", {}),),
    "joined": (("xinfang", "join", {"into_code": "registered", "note": "说的是同一块地"}),),
    "withdrawn": (("wang", "withdraw", {}),),
    "settled": (
        ("chengguan", "agree_mediation", {"note": "双方在笔录上签字"}),
        ("chengguan", "settle", {"note": "补偿一年的收成，恢复原状"}),
    ),
    "archived": (("system", "window_over", {}),),
}
_BEFORE = {
    "registered": None,
    "handling": "accepted",
    "opinion_drafted": "handling",
    "opinion_approved": "opinion_drafted",
    "answered": "opinion_approved",
    "reviewing": "answered",
    "reviewed": "reviewing",
    "reexamining": "reviewed",
    "hearing": "reexamining",
    "final": "reexamining",
    "returned": "objected",
    "settled": "handling",
    "archived": "answered",
}


def steps_to(state: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Who does what, from the registration to that state."""
    before = _BEFORE.get(state, "registered")
    return [*(steps_to(before) if before else []), *WAY[state]]


class PetitionCast(Cast):
    """Everyone who takes part in a petition."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)

    def petition_in(self, state: str, *, who: str = "wang", **columns: Any) -> int:
        """A petition of that resident in that state; its id. `columns` are set before the first step."""
        needed = [given["into_code"] for _, _, given in steps_to(state) if "into_code" in given]
        others = {one: self.petition_in(one, who="li") for one in needed}
        self.app.extensions["limiter"].storage.reset()
        receipt = filed(self.resident(who))
        if state in {"objected", "returned"}:
            columns.setdefault("sender_body", "滕州市信访局")
        if columns:
            self.set(receipt["id"], **columns)
        for username, action, given in steps_to(state):
            self.step(who if username == "wang" else username, receipt["id"], action, others, **given)
        return int(receipt["id"])

    def step(
        self, who: str, petition_id: Any, action: str, others: dict[str, int] | None = None, **given: Any
    ) -> None:
        """One step by the services, with the present version."""
        person = self.people[who] if who in {"wang", "li", "zhao"} else None

        def take() -> None:
            actor = _resident(person) if person else SYSTEM if who == "system" else _actor(who)
            row = db.session.get_one(Petition, int(petition_id))
            services.act(row, action, actor, row.version, self._fill(given, others or {}))

        with self.app.app_context():
            run_unit(take)

    def _fill(self, given: dict[str, Any], others: dict[str, int]) -> dict[str, Any]:
        filled = dict(given)
        for name in ("until", "delivered_on"):
            if isinstance(filled.get(name), int):
                filled[name] = today() + timedelta(days=filled[name])
        if isinstance(filled.get("unit_id"), str):
            filled["unit_id"] = _unit_id(filled["unit_id"])
        if isinstance(filled.get("staff_id"), str):
            query = select(Staff.id).where(Staff.username == filled["staff_id"])
            filled["staff_id"] = db.session.scalar(query)
        if filled.get("into_code") in others:
            other = db.session.get_one(Petition, others[filled["into_code"]])
            filled["into_code"] = other.code
        return filled

    def set(self, petition_id: Any, **columns: Any) -> None:
        """Set columns behind everybody's back."""

        def change() -> None:
            row = db.session.get_one(Petition, int(petition_id))
            for name, value in columns.items():
                setattr(row, name, value)

        with self.app.app_context():
            run_unit(change)

    def of(self, petition_id: Any, name: str) -> Any:
        """One column of the row."""
        with self.app.app_context():
            return run_unit(lambda: getattr(db.session.get_one(Petition, int(petition_id)), name))

    def seen(self, username: str, petition_id: Any) -> dict[str, Any]:
        """The page of a petition as a member of staff sees it."""
        answer = self.desk(username).get(f"/staff/petitions/{petition_id}")
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json
        return page

    def does(self, username: str, petition_id: Any, action: str, **given: Any) -> Any:
        """A step over HTTP with the present version unless one is given; the answer."""
        given.setdefault("version", self.of(petition_id, "version"))
        for name, value in given.items():
            if isinstance(value, date):
                given[name] = value.isoformat()
        return self.desk(username).post(f"/staff/petitions/{petition_id}/actions/{action}", given)

    def asks(self, who: str, petition_id: Any, action: str, **given: Any) -> Any:
        """A step of a petitioner over HTTP; the answer."""
        given.setdefault("version", self.of(petition_id, "version"))
        return self.resident(who).post(f"/resident/petitions/{petition_id}/actions/{action}", given)

    def staff_id(self, username: str) -> str:
        """The id of a member of staff, as the API takes it."""
        with self.app.app_context():
            return str(run_unit(lambda: _actor(username).id))
