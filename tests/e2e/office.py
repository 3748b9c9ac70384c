"""What people did before the picture: by the API, in the words of the table of states."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any

import requests
from shapely.geometry import shape

from backend.kernel.clock import shanghai
from tests.e2e.conftest import Place
from tests.e2e.hours import Hours
from tests.support.town import ask

TOO_OFTEN = 429
A_MINUTE_AND_MORE = 70.0
#: who dispatches by the API: a second log-in of somebody who sits at a desk would end the first
DISPATCHER = "dispatcher2"
#: of the office that registers and informs (信访办)
OFFICE_CLERK = "petitions"


class Office:
    """The town's people, logged in on first use."""

    def __init__(self, town: Place) -> None:
        self.town, self.api = town, f"{town.url}/api/v1"
        self._desks: dict[str, requests.Session] = {}

    def report(self, person: str, text: str, *, category: str, grid: str) -> str:
        """A report from that person's mini-program, inside that grid and without photos; its id.

        Returns once the town's rules have looked at it: what they add is a new version of the case.
        """
        _, shown = ask("GET", f"{self.api}/public/map?town=nanshahe")
        where = next(one for one in shown["features"] if one["properties"]["name"] == grid)
        inside = shape(where["geometry"]).representative_point()
        report = {
            "town": "nanshahe",
            "text": text,
            "category_code": category,
            "point": {"lon": inside.x, "lat": inside.y},
            "media_ids": [],
        }
        made = self._bring(person, "reports", report)
        Hours(self.town.folder).settle()
        return made

    def petition(self, person: str, claim: str, **more: Any) -> str:
        """A petition from that person's mini-program; its id."""
        matter = {"town": "nanshahe", "topic": "land", "claim": claim, "facts": "三月以来一直是这样。"}
        party = {"name": "示例丙", "phone": "13800000003", "address": "示例二村 8 号"}
        return self._bring(person, "petitions", {**matter, **party, **more})

    def _bring(self, person: str, what: str, body: dict[str, Any]) -> str:
        _, code = ask("GET", f"{self.town.url}/sandbox/api/mini-code?person={person}")
        _, session = ask("POST", f"{self.api}/public/sessions/mini", {"code": code["code"]})
        key = {"Idempotency-Key": secrets.token_hex(8)}
        # A person sends six a minute at most; nothing but the clock says when the next one may come.
        deadline = time.monotonic() + A_MINUTE_AND_MORE
        while True:
            status, made = ask(
                "POST", f"{self.api}/resident/{what}", body, token=session["token"], headers=key
            )
            if status != TOO_OFTEN or time.monotonic() > deadline:
                break
            time.sleep(1)
        assert status == 201, made
        return str(made["id"])

    def case(self, username: str, case_id: str) -> dict[str, Any]:
        """The case as that member of staff sees it."""
        answer = self._desk(username).get(f"{self.api}/staff/cases/{case_id}")
        answer.raise_for_status()
        return dict(answer.json())

    def act(self, username: str, case_id: str, action: str, **given: Any) -> dict[str, Any]:
        """That member of staff does it; the case afterwards."""
        return self._act(username, f"{self.api}/staff/cases/{case_id}", action, given)

    def act_on_petition(self, username: str, petition_id: str, action: str, **given: Any) -> dict[str, Any]:
        """The same with a petition."""
        return self._act(username, f"{self.api}/staff/petitions/{petition_id}", action, given)

    def _act(self, username: str, subject: str, action: str, given: dict[str, Any]) -> dict[str, Any]:
        desk = self._desk(username)
        seen = desk.get(subject)
        seen.raise_for_status()
        answer = desk.post(f"{subject}/actions/{action}", json={**given, "version": seen.json()["version"]})
        assert answer.ok, answer.text
        return dict(answer.json())

    def answer_petition(self, petition_id: str) -> None:
        """Accepted, handled, signed by the leader and delivered today, with an opinion that supports it.

        Returns once the worker has made the documents.
        """
        units = self._desk(OFFICE_CLERK).get(f"{self.api}/staff/petitions/{petition_id}/assignees").json()
        unit = next(one for one in units["items"] if one["unit_name"] == "自然资源所")
        self.act_on_petition(OFFICE_CLERK, petition_id, "accept", unit_id=unit["unit_id"])
        self.act_on_petition("land", petition_id, "start")
        opinion = {
            "outcome": "supported",
            "claim": "恢复排水沟",
            "facts": "经现场测量，占用属实。",
            "note": "三十日内恢复原状。",
            "basis": "《中华人民共和国土地管理法》",
        }
        self.act_on_petition("land", petition_id, "draft_opinion", **opinion)
        self.act_on_petition("leader", petition_id, "approve_opinion")
        delivery = {"way": "in_person", "signed": "signed", "stance": "disagrees"}
        today = shanghai(datetime.now(UTC)).date().isoformat()
        self.act_on_petition(OFFICE_CLERK, petition_id, "deliver", delivered_on=today, **delivery)
        Hours(self.town.folder).settle()

    def dispatch(self, case_id: str) -> None:
        """Accepted, and given to whom the rules name."""
        proposal = self.case(DISPATCHER, case_id)["proposal"]
        choice = {name: proposal[name] for name in ("unit_id", "staff_id")}
        self.act(DISPATCHER, case_id, "accept_and_dispatch", **choice)

    def hand_over(self, case_id: str, clerk: str) -> None:
        """Accepted, given to whom the rules name, and begun there by `clerk`."""
        self.dispatch(case_id)
        self.act(clerk, case_id, "start")

    def close(self) -> None:
        """Leave no connection open."""
        for desk in self._desks.values():
            desk.close()

    def _desk(self, username: str) -> requests.Session:
        if username not in self._desks:
            desk = self._desks[username] = requests.Session()
            desk.headers["X-Requested-With"] = "console"
            person = {"username": username, "password": self.town.passwords[username]}
            desk.post(f"{self.api}/staff/session", json=person).raise_for_status()
        return self._desks[username]
