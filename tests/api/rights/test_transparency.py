"""The proof of the own case's chain, and who opened it: unit and role, never a name (domain-rules §8.1 point 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from backend.cases.readings import CaseReading
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.workflow.chain import ChainRow, verify
from backend.workflow.models import TimelineEntry
from tests.factories.cases import Cast


def proof(cast: Cast, case_id: int) -> dict[str, Any]:
    told: dict[str, Any] = cast.resident().get(f"/resident/reports/{case_id}/proof").json
    return told


def rows(told: dict[str, Any]) -> list[ChainRow]:
    """The rows as the phone would check them: from what was told alone."""
    return [
        ChainRow(
            r["seq"],
            datetime.fromisoformat(r["at"]),
            r["action"],
            r["to_state"],
            r["commitment"],
            r["chain"],
            r["salt"],
            r["content"],
        )
        for r in told["rows"]
    ]


def test_the_proof_holds_by_itself_and_names_no_clerk(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    cast.act("fenliu", case_id, "note", note="内部商量过")
    told = proof(cast, case_id)
    assert verify(rows(told)) is None
    assert told["rows"][-1]["chain"] == told["head"]
    assert len(told["rows"]) == told["entries"]
    assert "内部商量过" not in str(told)
    for name in ("分流甲", "城管甲", "核查甲"):
        assert name not in str(told)
    assert told["rows"][-1]["shown"] == "hidden"
    reply = next(r for r in told["rows"] if r["action"] == "pass_check")
    assert reply["content"]["note"] == "已经换好了", "the words of the answer are opened"
    assert set(reply["content"]) == {"unit_name", "note", "inside"}


def test_an_altered_answer_shows(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    with cast.app.app_context():
        run_unit(
            lambda: db.session.execute(
                update(TimelineEntry)
                .where(TimelineEntry.subject_id == case_id, TimelineEntry.action == "pass_check")
                .values(note="从来没有答复过")
            )
        )
    told = proof(cast, case_id)
    assert verify(rows(told)) == next(r["seq"] for r in told["rows"] if r["action"] == "pass_check")


def test_the_proof_is_the_residents_own(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    assert cast.resident("li").get(f"/resident/reports/{case_id}/proof").status_code == 404
    assert cast.resident("li").get(f"/resident/reports/{case_id}/access-log").status_code == 404


def readings(cast: Cast) -> int:
    with cast.app.app_context(), transaction(writing=False):
        return int(db.session.scalar(select(func.count()).select_from(CaseReading)) or 0)


def test_who_opened_the_case_by_unit_and_role(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("handling", contact_name="王小明", contact_phone="13800000001")
    for _ in range(3):
        cast.desk("fenliu").get(f"/staff/cases/{case_id}")
    assert readings(cast) == 1, "once for a person, a case and an hour"
    clock.advance(timedelta(hours=1))
    cast.desk("fenliu").get(f"/staff/cases/{case_id}")
    cast.desk("chengguan").get(f"/staff/cases/{case_id}")
    cast.desk("chengguan").post(f"/staff/cases/{case_id}/contact", {"reason": "约上门时间"})
    log = cast.resident().get(f"/resident/reports/{case_id}/access-log").json["items"]
    assert [one["at"] for one in log] == sorted((one["at"] for one in log), reverse=True)
    seen = {(one["what"], one["unit_name"], one["role_label"], one["reason"]) for one in log}
    assert ("contact", "城管所", "站所办理人", "约上门时间") in seen
    assert ("viewed", "镇便民服务中心", "分流员", "") in seen
    assert len(log) == 4
    assert "分流甲" not in str(log)
    assert "城管甲" not in str(log)


def test_who_may_not_see_it_is_not_on_the_list(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    assert cast.desk("xfenliu").get(f"/staff/cases/{case_id}").status_code == 404
    assert readings(cast) == 0
