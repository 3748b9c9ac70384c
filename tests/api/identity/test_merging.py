"""One person, two WeChat accounts: one record, whichever came first, also when the unionid comes late."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.identity import merging, queries, services
from backend.identity.models import Resident, StaffBinding, WeChatAccount
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from backend.outbox.models import OutboxJob
from backend.outbox.registry import Job, handler_of
from tests.factories.identity import Caller, worker
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def moves() -> Iterator[list[tuple[int, int]]]:
    """What other features were told to move."""
    told: list[tuple[int, int]] = []

    def move(kept_id: int, gone_id: int) -> None:
        told.append((kept_id, gone_id))

    services.on_merge(move)
    yield told
    merging._merged.remove(move)


def _mini(app: Flask, person: str = "zhang", turn: int = 1) -> Caller:
    client = app.test_client()
    return _caller(
        client, client.post("/api/v1/public/sessions/mini", json={"code": f"code-of-{person}#{turn}"})
    )


def _official(app: Flask, person: str = "zhang", turn: int = 1) -> Caller:
    client = app.test_client()
    url = client.get("/api/v1/public/wechat/authorize").json["url"]
    body = {"code": f"code-of-{person}#o{turn}", "state": url.partition("state=")[2]}
    return _caller(client, client.post("/api/v1/public/sessions/official", json=body))


def _caller(client: FlaskClient, answer) -> Caller:
    assert answer.status_code == 200, answer.json
    token = answer.json["token"]
    return Caller(client, int(answer.json["resident"]["id"]), {"Authorization": f"Bearer {token}"})


def _count(session: Session, model: type) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


LOGINS = {"mini": _mini, "official": _official}
ORDERS = [("mini", "official"), ("official", "mini")]


@pytest.mark.parametrize("order", ORDERS)
def test_a_unionid_joins_the_two_accounts(
    app: Flask, platform: RecordingPlatform, db_session: Session, order: tuple[str, str]
) -> None:
    first, second = (LOGINS[kind](app) for kind in order)
    assert first.id == second.id
    assert _count(db_session, Resident) == 1
    assert _count(db_session, WeChatAccount) == 2


def test_without_a_unionid_they_stay_two(app: Flask, platform: RecordingPlatform) -> None:
    platform.unionids["zhang"] = None
    assert _mini(app).id != _official(app).id


@pytest.mark.parametrize("order", ORDERS)
def test_a_unionid_that_comes_late_makes_two_records_one(
    app: Flask,
    platform: RecordingPlatform,
    clock: FrozenClock,
    db_session: Session,
    moves: list[tuple[int, int]],
    order: tuple[str, str],
) -> None:
    platform.unionids["zhang"] = None
    older = LOGINS[order[0]](app)
    clock.advance(timedelta(days=1))
    younger = LOGINS[order[1]](app)
    younger.patch("/resident/me", {"phone": "13812345678", "elder_view": True, "notify": False})
    younger.post("/resident/me/consent", {"version": "v2"})

    platform.unionids["zhang"] = "union-zhang"  # the operator has bound both apps to one platform account
    clock.advance(timedelta(days=1))
    assert LOGINS[order[1]](app, turn=2).id == younger.id  # first the younger one's account gets it
    assert LOGINS[order[0]](app, turn=2).id == older.id  # then the older one's: the older record is kept
    assert moves == [(older.id, younger.id)]

    # both old sessions go on, as the one person who is left
    assert int(older.get("/resident/me").json["id"]) == older.id
    me = younger.get("/resident/me").json
    assert (int(me["id"]), me["phone_masked"], me["consent_version"]) == (older.id, "138****5678", "v2")
    assert (me["elder_view"], me["notify"]) == (True, False)
    gone = db_session.get_one(Resident, younger.id)
    assert (gone.merged_into, gone.phone, gone.nickname, gone.unionid) == (older.id, None, None, None)
    assert {account.app for account in queries.wechat_of_resident(older.id)} == {"mini", "official"}
    card = queries.resident_card(younger.id)
    assert card is not None
    assert card.id == older.id


def test_merging_again_changes_nothing(
    app: Flask, platform: RecordingPlatform, db_session: Session, moves: list[tuple[int, int]]
) -> None:
    one, other = _mini(app, "zhang"), _mini(app, "li")
    with app.app_context():
        kept = run_unit(lambda: services.merge(one.id, other.id))
        assert run_unit(lambda: services.merge(other.id, one.id)) == kept
    assert moves == [(one.id, other.id)]


def test_a_chain_of_merges_ends_at_the_last_record(
    app: Flask, platform: RecordingPlatform, clock: FrozenClock, db_session: Session
) -> None:
    people = []
    for person in ("zhang", "li", "wang"):
        people.append(_mini(app, person))
        clock.advance(timedelta(minutes=1))
    first, second, third = (caller.id for caller in people)
    run_unit(lambda: services.merge(second, third))
    run_unit(lambda: services.merge(first, second))
    assert db_session.get_one(Resident, third).merged_into == first
    card = queries.resident_card(third)
    assert card is not None
    assert card.id == first


def test_a_workers_binding_moves_with_the_person(
    app: Flask, platform: RecordingPlatform, clock: FrozenClock, db_session: Session
) -> None:
    older = _mini(app, "zhang")
    clock.advance(timedelta(minutes=1))
    bound = worker(app, "wangge1")
    phone = int(bound.get("/resident/me").json["id"])
    run_unit(lambda: services.merge(older.id, phone))
    assert db_session.execute(select(StaffBinding.resident_id)).scalar_one() == older.id
    assert bound.get("/staff/me").status_code == 200


def test_what_a_late_request_wrote_for_the_gone_record_is_moved_too(
    app: Flask, platform: RecordingPlatform, db_session: Session, moves: list[tuple[int, int]]
) -> None:
    one, other = _mini(app, "zhang"), _mini(app, "li")
    run_unit(lambda: services.merge(one.id, other.id))
    job = db_session.execute(select(OutboxJob).where(OutboxJob.kind == merging.STRAGGLERS)).scalar_one()
    handler = handler_of(job.kind)
    assert handler is not None
    seen = Job(job.id, job.kind, job.payload, job.job_key, None, 1, 0, job.created_at)
    run_unit(lambda: handler.complete(seen, None))
    assert moves == [(one.id, other.id)] * 2


@pytest.mark.parametrize("kinds", [("mini",) * 6, ("mini", "official") * 3])
def test_logins_of_one_person_at_once_make_one_record(
    app: Flask, platform: RecordingPlatform, db_session: Session, kinds: tuple[str, ...]
) -> None:
    together = Barrier(len(kinds))
    ask = {"mini": platform.code_to_session, "official": platform.web_user}

    def wait_for_all(kind: str):
        def call(code: str):
            answer = ask[kind](code)
            together.wait(timeout=10)  # all of them know who it is before anyone writes
            return answer

        return call

    platform.code_to_session = wait_for_all("mini")  # type: ignore[method-assign]
    platform.web_user = wait_for_all("official")  # type: ignore[method-assign]
    with ThreadPoolExecutor(len(kinds)) as pool:
        people = list(pool.map(lambda job: LOGINS[job[1]](app, turn=job[0]), enumerate(kinds)))
    assert len({int(caller.get("/resident/me").json["id"]) for caller in people}) == 1
    assert _count(db_session, WeChatAccount) == len(set(kinds))
    alive = db_session.execute(
        select(func.count()).select_from(Resident).where(Resident.merged_into.is_(None))
    )
    assert alive.scalar_one() == 1
