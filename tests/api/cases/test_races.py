"""Two at once: threads with requests of their own, on whichever database the run has."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from backend.cases.models import Case
from backend.kernel.db import db
from backend.workflow.models import TimelineEntry
from tests.factories.cases import Cast, body


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Every call in a thread of its own, all let go at the same moment; their answers."""
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        ready.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def counted(cast: Cast, model: Any) -> int:
    with cast.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_two_clerks_act_on_one_case_at_once(cast: Cast) -> None:
    for _ in range(5):
        case_id = cast.bring_to("submitted")
        desks = [cast.desk("fenliu"), cast.desk("fenliu2")]
        entries = counted(cast, TimelineEntry)

        def accept(desk: Any, case_id: int = case_id) -> Callable[[], Any]:
            return lambda: desk.post(f"/staff/cases/{case_id}/actions/accept", {"version": 1})

        answers = at_once([accept(desk) for desk in desks])
        assert sorted(a.status_code for a in answers) == [200, 409], [a.text[:200] for a in answers]
        loser = next(a for a in answers if a.status_code == 409)
        winner = next(n for n, a in enumerate(answers) if a.status_code == 200)
        assert loser.json["details"]["changed_by"].endswith("分流甲" if winner == 0 else "分流乙")
        assert loser.json["details"]["current_version"] == 2
        assert counted(cast, TimelineEntry) == entries + 1
        assert cast.version(case_id) == 2


def test_fifty_sendings_of_one_phone_make_one_case(cast: Cast) -> None:
    wang = cast.resident()
    headers = {"Idempotency-Key": "one-tap"}
    answers = at_once([lambda: wang.post("/resident/reports", body(), headers=headers)] * 50)
    assert Counter(a.status_code for a in answers) == {201: 50}
    assert len({a.data for a in answers}) == 1
    assert counted(cast, Case) == 1


def test_fifty_residents_make_fifty_cases(cast: Cast) -> None:
    people = [cast.resident(f"r{n}") for n in range(10)]

    def send(person: Any) -> Callable[[], Any]:
        return lambda: person.post("/resident/reports", body())

    answers = at_once([send(person) for person in people for _ in range(5)])
    assert Counter(a.status_code for a in answers) == {201: 50}
    assert len({a.json["code"] for a in answers}) == 50
    assert counted(cast, Case) == 50
