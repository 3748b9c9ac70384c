"""Topics of 有事好商量 on their way: brought to any state by the services, looked at and acted on over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask

from backend.consultations import proposing, services, shown
from backend.consultations.models import Consultation
from backend.kernel.actor import SYSTEM
from backend.kernel.clock import today
from backend.kernel.db import db, run_unit
from tests.factories.cases import Cast, _actor, _resident, _unit_id
from tests.factories.identity import place_id

OPENING = {"asked": "装几盏，装在哪里", "who_may": "湾头村的村民", "use_of_result": "供村里决定时参考"}
ACCEPTING = {"weight": "ordinary", "track": "plain", "note": "关系大家出行"}
#: who takes which step, and what they fill in; dates are days from today
WAY: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "proposed": (),
    "accepted": (("lingdao", "accept", ACCEPTING),),
    "declined": (("lingdao", "decline", {"note": "属于个人之间的事，请找调解"}),),
    "withdrawn": (("wang", "withdraw", {}),),
    "open": (("cunzhang1", "open", OPENING),),
    "concluding": (("system", "period_over", {}),),
    "concluded": (
        ("cunzhang1", "draft_conclusion", {"conclusion": "装六盏太阳能路灯"}),
        ("lingdao", "conclude", {}),
    ),
    "published": (("cunzhang1", "publish", {}),),
    "carrying_out": (("cunzhang1", "hand_over", {"unit_id": "urban", "until": 60}),),
    "carried_out": (("cunzhang1", "finish", {"note": "六盏都亮了"}),),
    "looked_back": (("system", "rating_over", {}),),
    "cancelled": (("lingdao", "cancel", {"note": "县里统一改造，不再单独议"}),),
}
_BEFORE = {
    "open": "accepted",
    "concluding": "open",
    "concluded": "concluding",
    "published": "concluded",
    "carrying_out": "published",
    "carried_out": "carrying_out",
    "looked_back": "carried_out",
    "cancelled": "open",
}


def steps_to(state: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Who does what, from the proposal to that state."""
    if state == "proposed":
        return []
    return [*steps_to(_BEFORE.get(state, "proposed")), *WAY[state]]


class ConsultationCast(Cast):
    """Everyone who takes part in a topic of V01."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)

    def topic_in(self, state: str, *, village: str | None = "V01", **columns: Any) -> int:
        """A topic that wang proposed, in that state; its id. `columns` are set after the screening."""
        topic_id = self.propose(village=village)
        for who, action, given in steps_to(state):
            if action == "hand_over":
                self.set(topic_id, published_until=today() - timedelta(days=1))
            self.step(who, topic_id, action, **given)
            if action == "accept" and columns:
                self.set(topic_id, **columns)
        return topic_id

    def propose(self, *, village: str | None = "V01", **changes: Any) -> int:
        """What wang proposes; its id."""
        town = place_id(self.app, "dongwan")
        draft = {
            "town_id": town,
            "village_id": place_id(self.app, village) if village else None,
            "title": "村口要不要装路灯",
            "body": "晚上村口太黑，老人摔过两次，想请大家商量。",
            **changes,
        }
        person = self.resident("wang")

        def bring() -> int:
            return proposing.propose(_resident(person), proposing.Draft(**draft)).id

        with self.app.app_context():
            return run_unit(bring)

    def step(self, who: str, topic_id: int, action: str, **given: Any) -> None:
        """One step by the services, with the present version."""
        person = self.resident(who) if who in {"wang", "li", "zhao"} else None

        def take() -> None:
            actor = _resident(person) if person else SYSTEM if who == "system" else _actor(who)
            row = db.session.get_one(Consultation, topic_id)
            services.act(row, action, actor, row.version, _filled(given))

        with self.app.app_context():
            run_unit(take)

    def set(self, topic_id: int, **columns: Any) -> None:
        """Set columns behind everybody's back."""

        def change() -> None:
            row = db.session.get_one(Consultation, topic_id)
            for name, value in columns.items():
                setattr(row, name, value)
            shown.changed(row.town_id)

        with self.app.app_context():
            run_unit(change)

    def of(self, topic_id: int, name: str) -> Any:
        """One column of the row."""
        with self.app.app_context():
            return run_unit(lambda: getattr(db.session.get_one(Consultation, topic_id), name))

    def staff_id(self, username: str) -> int:
        """The id of a member of staff."""
        with self.app.app_context():
            return run_unit(lambda: _actor(username).id)

    def page(self, topic_id: int) -> dict[str, Any]:
        """What everybody reads."""
        answer = self.app.test_client().get(f"/api/v1/public/consultations/{topic_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def seen(self, username: str, topic_id: int) -> dict[str, Any]:
        """The page as a member of staff sees it."""
        answer = self.desk(username).get(f"/staff/consultations/{topic_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def does(self, username: str, topic_id: int, action: str, **given: Any) -> Any:
        """A step over HTTP with the present version unless one is given; the answer."""
        return self.sends(username, topic_id, f"actions/{action}", **given)

    def sends(self, username: str, topic_id: int, way: str, *, method: str = "POST", **given: Any) -> Any:
        """Anything below a topic over HTTP, with the present version; the answer."""
        given.setdefault("version", self.of(topic_id, "version"))
        sent = {name: v.isoformat() if isinstance(v, date) else v for name, v in given.items()}
        return self.desk(username)._send(method, f"/staff/consultations/{topic_id}/{way}", json=sent)

    def speaks(self, who: str, topic_id: int, **given: Any) -> Any:
        """A resident says something; the answer."""
        said = {"text": "赞成，先装桥头那两盏", "stance": "for", **given}
        return self.resident(who).post(f"/resident/consultations/{topic_id}/comments", said)


def _filled(given: dict[str, Any]) -> dict[str, Any]:
    filled = dict(given)
    for name in ("until", "closes_on"):
        if isinstance(filled.get(name), int):
            filled[name] = today() + timedelta(days=filled[name])
    if isinstance(filled.get("unit_id"), str):
        filled["unit_id"] = _unit_id(filled["unit_id"])
    return filled
