"""The audit's seals: nothing can be changed, taken out or put in unseen."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from backend import audit
from backend.audit import services
from backend.audit.models import AuditEntry, AuditSeal
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node

CLERK = Actor("staff", 7, "王丽")


def _record(count: int) -> None:
    def unit() -> None:
        for number in range(count):
            audit.record(CLERK, "case_read", "case", number, {"why": "核查", "n": number})

    run_unit(unit)


@pytest.fixture
def database(app: Flask):
    with app.app_context():
        ensure_node()
        run_unit(lambda: db.session.execute(delete(AuditEntry)))  # what loading the town wrote
        yield
        db.session.rollback()


def _faults() -> list[str]:
    return run_unit(services.verify, writing=False).faults


def test_a_root_is_that_of_rfc_6962() -> None:
    one, two, three = (hashlib.sha256(bytes([i])).hexdigest() for i in range(3))
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(d)).digest() for d in (one, two, three)]
    pair = hashlib.sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    assert services.merkle_root([one]) == leaves[0].hex()
    assert services.merkle_root([one, two]) == pair.hex()
    assert services.merkle_root([one, two, three]) == hashlib.sha256(b"\x01" + pair + leaves[2]).hexdigest()
    with pytest.raises(ValueError, match="nothing"):
        services.merkle_root([])


def test_batches_are_chained_and_verify(database: None, clock: FrozenClock) -> None:
    _record(5)
    assert run_unit(lambda: services.seal_batch(3)) == 3
    clock.advance(timedelta(minutes=10))
    assert run_unit(lambda: services.seal_batch(3)) == 2
    assert run_unit(lambda: services.seal_batch(3)) == 0
    _record(1)
    verdict = run_unit(services.verify, writing=False)
    assert (verdict.seals, verdict.entries, verdict.unsealed, verdict.faults) == (2, 5, 1, [])
    first, second = db.session.execute(select(AuditSeal).order_by(AuditSeal.number)).scalars().all()
    assert second.previous == first.hash
    assert verdict.head == second.hash


def test_an_entry_that_was_committed_late_is_sealed_all_the_same(database: None) -> None:
    _record(3)
    late = db.session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars().first()
    assert late is not None
    # it has the lowest id and becomes visible after the others were sealed
    held = {c.key: getattr(late, c.key) for c in AuditEntry.__table__.columns}
    run_unit(lambda: db.session.execute(delete(AuditEntry).where(AuditEntry.id == held["id"])))
    assert run_unit(services.seal_batch) == 2
    run_unit(lambda: db.session.add(AuditEntry(**held)))
    assert run_unit(services.seal_batch) == 1
    assert _faults() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entries SET what = 'nothing_happened'",
        "UPDATE audit_entries SET subject_id = 99 WHERE subject_id = 1",
        "UPDATE audit_entries SET digest = salt",
        "DELETE FROM audit_entries WHERE subject_id = 2",
        "UPDATE audit_entries SET seal_id = NULL WHERE subject_id = 2",
        "UPDATE audit_seals SET root = hash",
        "UPDATE audit_seals SET entries = 1, root = previous WHERE number = 2",
        "DELETE FROM audit_entries WHERE seal_id = (SELECT id FROM audit_seals WHERE number = 1)",
    ],
)
def test_tampering_is_found(database: None, tampering: str) -> None:
    _record(2)
    run_unit(services.seal_batch)
    _record(3)
    run_unit(services.seal_batch)
    assert _faults() == []
    run_unit(lambda: db.session.execute(text(tampering)))
    assert _faults() != []


def test_a_seal_taken_out_of_the_middle_is_found(database: None) -> None:
    for _ in range(3):
        _record(1)
        run_unit(services.seal_batch)

    def take_out() -> None:
        second = db.session.execute(select(AuditSeal).where(AuditSeal.number == 2)).scalar_one()
        db.session.execute(delete(AuditEntry).where(AuditEntry.seal_id == second.id))
        db.session.execute(delete(AuditSeal).where(AuditSeal.id == second.id))

    run_unit(take_out)
    assert any("follow" in fault for fault in _faults())


def test_an_entry_that_has_no_seal_yet_cannot_be_altered_either(database: None) -> None:
    _record(1)
    run_unit(lambda: db.session.execute(update(AuditEntry).values(actor_name="别人")))
    assert any("altered" in fault for fault in _faults())


def test_what_is_undone_leaves_no_entry(database: None) -> None:
    def unit() -> None:
        audit.record(SYSTEM, "case_read", "case", 1)
        raise RuntimeError("the deed failed")

    with pytest.raises(RuntimeError, match="failed"):
        run_unit(unit)
    assert run_unit(services.unsealed, writing=False) == 0


def test_the_actors_name_is_not_readable_in_the_file(database: None) -> None:
    _record(1)
    stored = db.session.execute(text("SELECT actor_name FROM audit_entries")).scalar_one()
    assert "王丽" not in stored


def test_the_commands(app: Flask, database: None) -> None:
    _record(7)
    runner = app.test_cli_runner()
    assert "7 entries sealed" in runner.invoke(args=["audit", "seal", "--batch", "3"]).output
    good = runner.invoke(args=["audit", "verify"])
    assert good.exit_code == 0
    assert "3 seals over 7 entries, 0 not sealed yet" in good.output
    run_unit(lambda: db.session.execute(text("UPDATE audit_entries SET what = 'x' WHERE subject_id = 1")))
    bad = runner.invoke(args=["audit", "verify"])
    assert bad.exit_code == 1
    assert "FAULT" in bad.output
