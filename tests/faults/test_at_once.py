"""Two clerks on one case, and one phone that sends fifty times: against the real server and database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from backend.cases.models import Case
from backend.kernel.db import db
from backend.workflow.models import TimelineEntry
from tests.faults.test_workers import owed, until
from tests.faults.world import World

ROUNDS = 5
TIMES = 50


def together(*calls: Callable[[], tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The answers of calls that leave at the same moment."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        barrier.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_of_two_clerks_at_once_one_succeeds_and_the_other_learns_what_changed(world: World) -> None:
    one, other = world.staff["dispatcher"][:2]
    handler = world.staff["department_clerk"][0]
    for turn in range(ROUNDS):
        status, receipt = world.report(world.residents[turn], f"clerks-{turn}")
        assert status == 201, receipt
        # The town's own rules look at each new report, and supervise the third of the same: they are through first.
        until("nothing is owed", lambda: not owed(world))
        version, before = _version(world, receipt["id"]), _actions(world, receipt["id"])
        given = {"unit_id": world.unit_id, "staff_id": str(handler.id)}
        answers = together(
            lambda: world.act(one, receipt["id"], "accept_and_dispatch", version, **given),  # noqa: B023
            lambda: world.act(other, receipt["id"], "accept", version),  # noqa: B023
        )
        assert sorted(status for status, _ in answers) == [200, 409], answers
        done = next(body for status, body in answers if status == 200)
        refused = next(body for status, body in answers if status == 409)
        assert refused["code"] == "changed_meanwhile"
        assert refused["details"]["current_version"] == done["version"] == version + 1
        assert refused["details"]["state"] == done["state"]
        assert refused["details"]["changed_by"]
        assert refused["details"]["change"] == done["timeline"][-1]["title"]
        assert _actions(world, receipt["id"]) == [*before, answers_action(answers)]


def answers_action(answers: list[tuple[int, Any]]) -> str:
    """Which of the two was first."""
    return "accept_and_dispatch" if answers[0][0] == 200 else "accept"


def test_fifty_posts_with_one_key_make_one_case_and_another_body_is_refused(world: World) -> None:
    resident = world.residents[-1]
    before = _cases_of(world, resident.id)
    answers = together(*[lambda: world.report(resident, "fifty", "井盖没了")] * TIMES)
    assert Counter(status for status, _ in answers) == {201: TIMES}, answers
    assert len({body["id"] for _, body in answers}) == len({body["code"] for _, body in answers}) == 1
    assert _cases_of(world, resident.id) == before + 1
    status, refused = world.report(resident, "fifty", "另一件事")
    assert (status, refused["code"]) == (409, "idempotency_key_reused")
    assert _cases_of(world, resident.id) == before + 1


def _actions(world: World, case_id: str) -> list[str]:
    rows = (
        select(TimelineEntry.action)
        .where(TimelineEntry.subject_id == int(case_id))
        .order_by(TimelineEntry.seq)
    )
    found: list[str] = world.read(lambda: db.session.scalars(rows).all())
    return list(found)


def _cases_of(world: World, resident_id: int) -> int:
    count = select(func.count()).select_from(Case).where(Case.resident_id == resident_id)
    return int(world.read(lambda: db.session.scalar(count)))


def _version(world: World, case_id: str) -> int:
    wanted = select(Case.version).where(Case.id == int(case_id))
    return int(world.read(lambda: db.session.scalar(wanted)))
