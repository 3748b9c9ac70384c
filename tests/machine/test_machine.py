"""Cases driven at random by a state machine, with processes that die and a clock that jumps.

The machine knows no state and no action: it asks the API what is open to a person, fills in what is
asked by the kind of each field, and does it. So every edge that a table gets is walked too. After
each step everything that must be true of every case is read from the rows (ledger.py).
`--hypothesis-profile=long` walks much farther.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from backend.cases.models import Case
from backend.kernel.clock import FrozenClock, today, use_clock
from backend.kernel.db import db, transaction
from backend.outbox.worker import drain
from backend.workflow.kinds import all_kinds
from backend.workflow.models import TimelineEntry
from tests.conftest import MORNING
from tests.factories.cases import LAMP, RUBBISH, Cast, body
from tests.factories.identity import Caller, desk, resident, unit_id
from tests.fakes.platform import RecordingPlatform
from tests.machine.conftest import SAID
from tests.machine.crash import Crash, Fuse, When, lay
from tests.machine.ledger import Ledger
from tests.support.database import FreshDatabase
from tests.support.walk import Stock, fill

RESIDENTS = ("wang", "li")
STAFF = ("fenliu", "fenliu2", "hecha", "lingdao", "chengguan", "chengguan2", "wangge1", "cunzhang1")
MOST_CASES = 5
#: Where staff see a subject of each kind, and where whoever brought it does.
SEEN_AT = {"report": "/staff/cases", "child_task": "/staff/child-tasks"}
THEIRS_AT = {"report": "/resident/reports"}
#: Kinds that are not driven here, and where each of their edges is walked instead.
WALKED_ELSEWHERE = {
    "article": "tests/api/bulletin/test_articles.py",
    "consultation": "tests/api/consultations/test_states.py",
    "notice": "tests/api/notices/test_chain.py",
    "notice_objection": "tests/api/objections/test_objections.py",
    "help_request": "tests/api/care/test_help.py",
    "neighbour_post": "tests/api/neighbours/test_posts.py",
    "petition": "tests/api/petitions/test_states.py",
    "publishing_request": "tests/api/objections/test_publishing_requests.py",
    "wall_entry": "tests/api/wall/test_entries.py",
    "wall_follow_up": "tests/api/wall/test_follow_ups.py",
}
# How often something is done when several things are open.
LEADS_ON, STAYS, ENDS, NOTE = 8, 3, 4, 1
NOTES = {"note", "supplement"}
#: longer than a lease: what a dead worker held is free again
LEASE_OVER = timedelta(seconds=90)
REFUSED = {403, 404, 409, 422}
#: this many of the tries that the API itself offered must come through, or the walk proves nothing
COMES_THROUGH = 0.7

settings.register_profile("long", max_examples=1000, stateful_step_count=80)
CI = settings(max_examples=10, stateful_step_count=30, derandomize=True)
#: this much of all actions that people may take must have been taken somewhere
WALKED = 0.5

chances = st.randoms(use_true_random=False)
moments: st.SearchStrategy[When] = st.sampled_from(["before", "after"])


class Walk:
    """What outlives one example: the application, its database, and the sums."""

    def __init__(self, app: Flask, fresh: FreshDatabase, clock: FrozenClock) -> None:
        self.app, self.fresh, self.clock = app, fresh, clock
        self.fuse = Fuse()
        self.answers: Counter[int] = Counter()
        self.crashes: Counter[str] = Counter()
        self.walked: set[tuple[str, str, str]] = set()
        self.numbers = itertools.count(1)


@pytest.fixture
def walk(built: tuple[Flask, FreshDatabase], monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    app, fresh = built
    clock = FrozenClock(MORNING)
    real, replaced = app.extensions["wechat"], use_clock(clock)
    made = Walk(app, fresh, clock)
    lay(made.fuse, monkeypatch)
    yield made
    use_clock(replaced)
    fresh.reset()
    app.extensions["wechat"] = real
    app.extensions["limiter"].storage.reset()


class Machine(RuleBasedStateMachine):
    """One example: a town from its morning on. `walk` is set by the test."""

    walk: Walk

    @initialize()
    def begin(self) -> None:
        walk = self.walk
        walk.fuse.put_out()
        walk.fresh.reset()
        walk.clock.move_to(MORNING)
        walk.app.extensions["wechat"] = RecordingPlatform()
        self.cast, self.ledger = Cast(walk.app), Ledger()
        self.keys: dict[str, dict[str, Any]] = {}  # idempotency key → what was sent
        self.cases: list[tuple[str, str]] = []  # who brought it, its id
        self.units = [(str(unit_id(walk.app, "urban")), None), (str(unit_id(walk.app, "g01")), None)]
        self.submit_one("wang", LAMP)

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(who=st.sampled_from(RESIDENTS), category=st.sampled_from([LAMP, RUBBISH]))
    def submit(self, who: str, category: str) -> None:
        self.submit_one(who, category)

    def submit_one(self, who: str, category: str) -> None:
        """A report of somebody, under a key of its own."""
        caller = resident(self.walk.app, who)
        self._send(caller, who, f"{who}-{next(self.walk.numbers)}", body(category_code=category))

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(who=st.sampled_from(RESIDENTS), when=moments)
    def submit_to_a_dying_server(self, who: str, when: When) -> None:
        """The phone hears nothing, sends again under the same key, and there is one case."""
        key = f"{who}-{next(self.walk.numbers)}"
        caller = resident(self.walk.app, who)
        self._dying(when, 1, lambda: self._send(caller, who, key, body()))
        self._send(caller, who, key, body())

    def _send(self, caller: Caller, who: str, key: str, sent: dict[str, Any]) -> None:
        self.walk.app.extensions["limiter"].storage.reset()
        self.keys.setdefault(key, sent)
        answer = caller.post("/resident/reports", sent, key=key)
        assert answer.status_code == 201, answer.text
        told: Any = answer.json
        if (who, told["id"]) not in self.cases:
            self.cases.append((who, told["id"]))

    @precondition(lambda self: self.cases)
    @rule(chance=chances, times=st.integers(4, 12))
    def work_goes_on(self, chance: random.Random, times: int) -> None:
        """Some things are done by whom they are open to, and looked at one by one."""
        for _ in range(times):
            self._act(chance)
            self.everything_is_true()

    def _act(self, chance: random.Random) -> None:
        found = self._offered(chance)
        if found is None:
            return
        caller, path, seen, action, given = found
        entries = self._entries()
        answer = self._post(caller, path, seen["version"], action, given)
        self.walk.answers[answer.status_code] += 1
        assert answer.status_code == 200 or answer.status_code in REFUSED, f"{action}: {answer.text}"
        if answer.status_code == 200:
            event(action)
            told: Any = answer.json
            assert told["version"] == seen["version"] + 1, f"{action}: {seen['version']} → {told['version']}"
        else:
            assert self._entries() == entries, f"{action} was refused and left something behind"

    @precondition(lambda self: self.cases)
    @rule(chance=chances, when=moments)
    def act_on_a_dying_server(self, chance: random.Random, when: When) -> None:
        """Without an answer nobody knows; the rows do: all of it or nothing."""
        found = self._offered(chance)
        if found is None:
            return
        caller, path, seen, action, given = found
        entries = self._entries()
        died = self._dying(when, 1, lambda: self._post(caller, path, seen["version"], action, given))
        if died and when == "before":
            assert self._entries() == entries, f"{action} outlived a crash before its commit"

    @precondition(lambda self: self.cases)
    @rule(chance=chances)
    def act_on_what_was_seen_before(self, chance: random.Random) -> None:
        """A version that is no more the present one changes nothing, and is told what changed."""
        found = self._offered(chance)
        if found is None or found[2]["version"] == 1:
            return
        caller, path, seen, action, given = found
        entries = self._entries()
        answer: Any = self._post(caller, path, seen["version"] - 1, action, given)
        assert (answer.status_code, answer.json["code"]) == (409, "changed_meanwhile"), answer.text
        assert answer.json["details"]["current_version"] == seen["version"]
        assert self._entries() == entries

    @precondition(lambda self: self.cases)
    @rule(chance=chances)
    def act_against_the_table(self, chance: random.Random) -> None:
        """What is not offered is refused, whoever tries it, and changes nothing."""
        who, path = self._somebody(chance)
        seen: Any = who.get(path).json
        if "version" not in seen:
            return
        offered = {action["action"] for action in seen["actions"]}
        action = chance.choice(
            [e.action for k in all_kinds() for e in k.table.edges if e.action not in offered]
        )
        entries = self._entries()
        answer = self._post(who, path, seen["version"], action, {})
        assert answer.status_code in REFUSED, f"{action} was not offered: {answer.status_code}"
        assert self._entries() == entries

    @rule()
    def work(self) -> None:
        """The worker does all that is due."""
        with self.walk.app.app_context():
            drain()

    @rule(when=moments, commits=st.integers(1, 6))
    def work_and_die(self, when: When, commits: int) -> None:
        """The worker dies in the middle; another one goes on when its leases have ended."""

        def run() -> None:
            with self.walk.app.app_context():
                drain()

        if self._dying(when, commits, run):
            self.walk.clock.advance(LEASE_OVER)

    @rule(minutes=st.sampled_from([1, 29, 60, 8 * 60, 24 * 60, 3 * 24 * 60, 15 * 24 * 60]))
    def time_jumps(self, minutes: int) -> None:
        self.walk.clock.advance(timedelta(minutes=minutes))

    @invariant()
    def everything_is_true(self) -> None:
        if not hasattr(self, "ledger"):
            return
        with self.walk.app.app_context():
            self.ledger.check()
            with transaction(writing=False):
                assert db.session.scalar(select(func.count()).select_from(Case)) == len(self.keys)

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.walk.walked |= self.ledger.walked

    def _dying(self, when: When, commits: int, do: Callable[[], object]) -> bool:
        """Whether the process died while it did that."""
        self.walk.fuse.light(when, commits)
        try:
            do()
        except Crash:
            self.walk.crashes[when] += 1
            return True
        finally:
            self.walk.fuse.put_out()
        return False

    def _somebody(self, chance: random.Random) -> tuple[Caller, str]:
        """A person, and the address under which they would see one of the cases."""
        return next(self._everybody(chance))

    def _everybody(self, chance: random.Random) -> Iterator[tuple[Caller, str]]:
        """Everyone who could have to do with one subject, in any order, each with their address of it."""
        self.walk.app.extensions["limiter"].storage.reset()
        brought_by, kind, subject_id = chance.choice(self._subjects())
        for name in chance.sample([brought_by, *STAFF], len(STAFF) + 1):
            if name != brought_by:
                yield desk(self.walk.app, name), f"{SEEN_AT[kind]}/{subject_id}"
            elif kind in THEIRS_AT:
                yield resident(self.walk.app, name), f"{THEIRS_AT[kind]}/{subject_id}"

    def _subjects(self) -> list[tuple[str, str, str]]:
        """Every subject: who brought its case (of a part: anybody), its kind, its id."""
        brought_by = {case_id: who for who, case_id in self.cases}
        with self.walk.app.app_context(), transaction(writing=False):
            begun = select(TimelineEntry.subject_kind, TimelineEntry.subject_id).where(TimelineEntry.seq == 1)
            found = db.session.execute(begun.order_by(TimelineEntry.subject_id)).all()
        unknown = {kind for kind, _ in found} - SEEN_AT.keys()
        assert not unknown, f"say in SEEN_AT where {unknown} are seen"
        return [(brought_by.get(str(i), RESIDENTS[0]), kind, str(i)) for kind, i in found]

    def _offered(
        self, chance: random.Random
    ) -> tuple[Caller, str, dict[str, Any], str, dict[str, Any]] | None:
        """Somebody with something open to them: who, where, what they see, what they do, what they give."""
        found: list[tuple[Caller, str, dict[str, Any], dict[str, Any]]] = []
        for caller, path in self._everybody(chance):
            seen: Any = caller.get(path).json
            found += [(caller, path, seen, action) for action in seen.get("actions", ())]
            if any(self._weight(one) > STAYS for *_, one in found) and chance.random() < 0.6:
                break
        if not found:
            return None
        weights = [self._weight(action) for *_, action in found]
        caller, path, seen, action = chance.choices(found, weights)[0]
        return caller, path, seen, action["action"], fill(action["fields"], chance, self._stock(caller, path))

    def _weight(self, action: dict[str, Any]) -> int:
        """What leads on is done more often than what ends a matter, or leaves it where it is."""
        for kind in all_kinds():
            for edge in kind.table.edges:
                if edge.action == action["action"]:
                    if edge.target is None:
                        return NOTE if edge.action in NOTES else STAYS
                    return LEADS_ON if kind.table.state(edge.target).is_open else ENDS
        raise AssertionError(f"{action['action']} is offered and in no table")

    def _stock(self, caller: Caller, path: str) -> Stock:
        side, purpose = ("resident", "report") if path.startswith("/resident") else ("staff", "after")
        return Stock(
            photo=lambda: self.cast.photo_of(caller.id, purpose, side),
            units=self.units,
            codes=lambda: [str(self.cast.column(case_id, "code")) for _, case_id in self.cases],
            today=today,
        )

    def _post(self, caller: Caller, path: str, version: int, action: str, given: dict[str, Any]) -> Any:
        key = f"act-{next(self.walk.numbers)}"
        return caller.post(f"{path}/actions/{action}", {"version": version, **given}, key=key)

    def _entries(self) -> int:
        """How many rows all timelines have."""
        count = select(func.count()).select_from(TimelineEntry)
        with self.walk.app.app_context(), transaction(writing=False):
            return int(db.session.scalar(count) or 0)


def test_cases_stay_true_whatever_happens(walk: Walk) -> None:
    machine = type("TownMachine", (Machine,), {"walk": walk})
    profile = settings.get_current_profile_name()
    chosen = settings(CI if profile != "long" else settings.get_profile("long"), deadline=None)
    run_state_machine_as_test(
        machine, settings=settings(chosen, database=None, suppress_health_check=list(HealthCheck))
    )
    actions = {
        (kind.table.kind, edge.action)
        for kind in all_kinds()
        for edge in kind.table.edges
        if edge.by == "person" and edge.sources != ("",) and kind.table.kind not in WALKED_ELSEWHERE
    }
    taken = {(kind, action) for kind, action, _ in walk.walked} & actions
    tried, done = sum(walk.answers.values()), walk.answers[200]
    SAID.append(
        f"{done} of {tried} offered actions done, {dict(walk.crashes)} deaths, {len(walk.walked)} edges walked, "
        f"{len(taken)} of {len(actions)} actions taken, not: {sorted(actions - taken)}"
    )
    assert done > tried * COMES_THROUGH, f"of what was offered only {done} of {tried} came through"
    assert min(walk.crashes["before"], walk.crashes["after"]) > 10, walk.crashes
    assert len(taken) > len(actions) * WALKED, f"never taken: {sorted(actions - taken)}"
