"""A village votes within a minute while the web server is killed: no vote lost, none double, the result is their sum.

500 voters; VOTES=5000 for as many as a town has (docs/reliability.md). The papers are taken beforehand, through the
same kill: a paper is asked for once, a ballot is what comes in the last minute.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from backend.identity import sessions
from backend.identity.models import Resident
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.places.models import Place
from backend.polls import blind, counting, queries, services
from backend.polls.models import Poll, PollBallot, PollPaper
from backend.villagers.models import Villager
from tests.faults.world import LOST, SAID, TOWN_CODE, World
from tests.support.ballots import Phone
from tests.support.town import ask

VOTES = int(os.environ.get("VOTES", "500"))
AT_ONCE = 12
PATIENCE = 60.0
OPTIONS = ("同意", "不同意", "弃权")
AWAY = {429, 503}
#: set while the web server stands: a phone that got no answer waits for it, and takes no time from its start
STANDS = threading.Event()


def test_a_village_votes_while_the_web_server_is_killed(world: World) -> None:
    STANDS.set()
    chance = random.Random(20261122)
    poll, tokens = _open(world), _villagers(world)
    phones = [Phone(poll.id, int(poll.key_n, 16)) for _ in tokens]
    rivals = {at: Phone(poll.id, int(poll.key_n, 16)) for at in range(0, VOTES, 25)}
    got = _killed_meanwhile(
        world, [lambda at=at: _paper(world, tokens[at], phones[at]) for at in range(VOTES)]
    )
    assert Counter(got) == {200: VOTES}
    late = _at_once([lambda at=at: _paper(world, tokens[at], rivals[at]) for at in rivals])
    assert Counter(late) == {409: len(rivals)}, "a second phone of the same person"

    # Everybody votes; a tenth thinks better of it and votes again, which counts in the place of the first.
    choices = [[f"o{chance.randint(1, 3)}" for _ in range(1 + (chance.random() < 0.1))] for _ in phones]
    begun = time.monotonic()
    cast = _killed_meanwhile(
        world, [lambda at=at: _vote(world, phones[at], choices[at]) for at in range(VOTES)]
    )
    took = time.monotonic() - begun
    assert Counter(cast) == {200: VOTES}
    SAID.append(f"ballots: {VOTES} in {took:.1f} s, {sum(map(len, choices))} sendings, web killed twice")
    assert took < 60, f"{VOTES} votes took {took:.0f} s"

    kept = world.read(lambda: db.session.execute(select(PollBallot.serial, PollBallot.option)).all())
    wanted = {blind.serial_of(phone.token): said[-1] for phone, said in zip(phones, choices, strict=True)}
    assert {row.serial: row.option for row in kept} == wanted
    assert world.read(lambda: db.session.scalar(select(func.count()).select_from(PollPaper))) == VOTES
    result = _count(world, poll.id)
    assert result["ballots"] == VOTES
    assert {one["code"]: one["votes"] for one in result["options"]} == dict(Counter(wanted.values()))
    over = _ballot(world, phones[0], "o1")
    assert over == 409


def _open(world: World) -> Poll:
    def opened() -> Poll:
        at = now()
        town = select(Place.id).where(Place.level == "town", Place.code == TOWN_CODE)
        town_id = db.session.scalars(town).one()
        return services.open_poll(
            "fault", new_id(), town_id, None, "修不修？", OPTIONS, VOTES + 100, at, at + timedelta(days=15)
        )

    return _inside(world, opened)


def _inside(world: World, unit: Callable[[], Any]) -> Any:
    with world.inside.app_context():
        ensure_node()
        return run_unit(unit)


def _villagers(world: World) -> list[str]:
    """Sessions of as many confirmed villagers, written directly: who they are is not what is tested."""

    def some(count: int) -> list[str]:
        village = db.session.execute(
            select(Place.id, Place.town_id).where(Place.level == "village", Place.code == "V01").limit(1)
        ).one()
        ids = [new_id() for _ in range(count)]
        db.session.execute(insert(Resident), [{"id": one, "created_at": now()} for one in ids])
        rows = [
            {"id": new_id(), "resident_id": one, "live_resident_id": one, "town_id": village.town_id,
             "village_id": village.id, "state": "confirmed", "asked_at": now(), "reason": ""}
            for one in ids
        ]  # fmt: skip
        db.session.execute(insert(Villager), rows)
        return [sessions.open_for_resident(one, "mini").token for one in ids]

    tokens: list[str] = []
    while len(tokens) < VOTES:
        count = min(500, VOTES - len(tokens))
        tokens += _inside(world, lambda count=count: some(count))
    return tokens


def _killed_meanwhile(world: World, calls: Sequence[Callable[[], int]]) -> list[int]:
    """The answers of all calls; when a third of them is through the web server is killed, and started again."""
    due, through = threading.Event(), threading.Lock()
    done = 0

    def noted(call: Callable[[], int]) -> int:
        nonlocal done
        status = call()
        with through:
            done += 1
            if done == len(calls) // 3:
                due.set()
        return status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [pool.submit(noted, call) for call in calls]
        assert due.wait(PATIENCE), "nothing came through"
        # In this thread, which stays: a program ends with the thread that has started it.
        STANDS.clear()
        world.town.kill("web")
        world.town.start("web")
        STANDS.set()
        return [answer.result() for answer in answers]


def _at_once(calls: Sequence[Callable[[], int]]) -> list[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda call: call(), calls))


def _until_answered(call: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """As a phone does it: the same again until somebody answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            status, answer = call()
        except LOST:
            status, answer = 503, None
            STANDS.wait(PATIENCE)
        if status not in AWAY or time.monotonic() > deadline:
            return status, answer


def _paper(world: World, token: str, phone: Phone) -> int:
    url = f"{world.town.url}/api/v1/resident/polls/{phone.poll_id}/paper"
    body, headers = {"blinded": phone.blinded}, _address(phone)
    status, answer = _until_answered(lambda: ask("POST", url, body, token=token, headers=headers))
    if status == 200:
        phone.finish(answer["signature"])
    return status


def _vote(world: World, phone: Phone, options: Sequence[str]) -> int:
    return [_ballot(world, phone, option) for option in options][-1]


def _ballot(world: World, phone: Phone, option: str) -> int:
    url = f"{world.town.url}/api/v1/public/polls/{phone.poll_id}/ballots"
    body, headers = phone.ballot(option), _address(phone)
    return _until_answered(lambda: ask("POST", url, body, headers=headers))[0]


def _address(phone: Phone) -> dict[str, str]:
    """Each phone has an address of its own, as behind the web server in front."""
    return {"X-Forwarded-For": f"10.{phone.token[0]}.{phone.token[1]}.{phone.token[2]}"}


def _count(world: World, poll_id: int) -> dict[str, Any]:
    """Let the closing time be over, and count."""

    def counted() -> dict[str, Any]:
        db.session.execute(update(Poll).where(Poll.id == poll_id).values(closes_at=now()))
        assert counting.close_poll(poll_id)
        result: dict[str, Any] = queries.public_view(db.session.get_one(Poll, poll_id))["result"]
        return result

    return _inside(world, counted)
