"""Under 14: nothing is reported before a guardian agreed by a code; staff read such a contact with a reason (PI-04)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.identity.merging import merge
from backend.identity.minors import Minor
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.rights.models import RightsRequest
from tests.factories.cases import Cast, body


def child(cast: Cast, name: str = "xiaoming", age: int = 12) -> str:
    """A child's account that waits for its guardian; a fresh code."""
    told = cast.resident(name).post("/resident/rights/age", {"age": age}).json
    assert told == {"under_14": True, "agreed": False}
    return str(cast.resident(name).post("/resident/rights/guardian/codes").json["code"])


def test_an_account_is_14_or_older_unless_it_says_otherwise(cast: Cast) -> None:
    assert cast.resident().get("/resident/rights").json["standing"] == {"under_14": False, "agreed": True}
    assert cast.resident().post("/resident/rights/age", {"age": 14}).json["under_14"] is False
    assert cast.resident().post("/resident/rights/guardian/codes").json["code"] == "not_under_14"


def test_a_child_reports_once_a_guardian_agreed(cast: Cast) -> None:
    code = child(cast)
    refused = cast.resident("xiaoming").post("/resident/reports", body())
    assert (refused.status_code, refused.json["code"]) == (403, "guardian_needed")
    typed = f"{code[:4]} {code[4:]}"
    agreed = cast.resident("mama").post("/resident/rights/guardian/consents", {"code": typed})
    assert agreed.json == {"wards": 1}
    assert cast.resident("xiaoming").post("/resident/reports", body()).status_code == 201
    again = cast.resident("mama").post("/resident/rights/guardian/consents", {"code": code})
    assert (again.status_code, again.json["code"]) == (422, "code_unknown"), "a code is used once"


def test_who_cannot_agree(cast: Cast, clock: FrozenClock) -> None:
    code = child(cast)
    own = cast.resident("xiaoming").post("/resident/rights/guardian/consents", {"code": code})
    assert own.json["code"] == "own_child"
    child(cast, "tongxue")
    other = cast.resident("tongxue").post("/resident/rights/guardian/consents", {"code": code})
    assert other.json["code"] == "guardian_under_14"
    clock.advance(timedelta(hours=24))
    late = cast.resident("mama").post("/resident/rights/guardian/consents", {"code": code})
    assert late.json["code"] == "code_unknown"


def test_the_age_cannot_be_talked_up_again(cast: Cast) -> None:
    child(cast)
    answer = cast.resident("xiaoming").post("/resident/rights/age", {"age": 15})
    assert (answer.status_code, answer.json["code"]) == (403, "age_stated")


def test_no_birthday_is_kept_and_the_flag_ends_by_itself(cast: Cast, clock: FrozenClock) -> None:
    child(cast, age=13)
    with cast.app.app_context(), transaction(writing=False):
        row = db.session.scalars(select(Minor)).one()
        assert row.until.isoformat() == "2027-03-10", "13 today: surely 14 a year from now"
    clock.advance(timedelta(days=366))
    cast.people.clear()
    assert cast.resident("xiaoming").get("/resident/rights").json["standing"]["under_14"] is False


def test_staff_read_a_childs_contact_with_a_reason_that_is_flagged(cast: Cast) -> None:
    cast.resident("mama").post("/resident/rights/guardian/consents", {"code": child(cast)})
    case_id = cast.bring_to("submitted", who="xiaoming", contact_name="小明", contact_phone="13800000001")
    assert cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["contact"]["under_14"] is True
    short = cast.desk("fenliu").post(f"/staff/cases/{case_id}/contact", {"reason": "问一下"})
    assert (short.status_code, list(short.json["fields"])) == (422, ["reason"])
    read = cast.desk("fenliu").post(
        f"/staff/cases/{case_id}/contact", {"reason": "地点说不清楚，要问是哪根电线杆"}
    )
    assert read.status_code == 200
    with cast.app.app_context(), transaction(writing=False):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "case.contact.read")).one()
        assert entry.detail is not None
        assert entry.detail["under_14"] is True


def test_a_guardian_takes_the_consent_back(cast: Cast) -> None:
    cast.resident("mama").post("/resident/rights/guardian/consents", {"code": child(cast)})
    mama = cast.resident("mama")
    told = mama.get("/resident/rights/plan", query_string={"deed": "withdraw_guardian"}).json
    done = mama.post("/resident/rights/deeds", {"deed": "withdraw_guardian", "confirm": told["confirm"]})
    assert done.json["erased"] == {"guardian_consent": 1}
    assert cast.resident("xiaoming").post("/resident/reports", body()).json["code"] == "guardian_needed"


def test_two_records_of_one_person_stay_a_childs(cast: Cast) -> None:
    """The same person by another account: under 14 in either is under 14 in both (ADR 0003)."""
    cast.resident("mama").post("/resident/rights/guardian/consents", {"code": child(cast)})
    xiaoming, other = (int(cast.resident(name).me["id"]) for name in ("xiaoming", "xiaoming-h5"))
    cast.resident("xiaoming-h5").post(
        "/resident/rights/requests", {"kind": "explain", "town": "dongwan", "text": "为什么这样办"}
    )
    with cast.app.app_context():
        kept = run_unit(lambda: merge(xiaoming, other))
        assert kept == min(xiaoming, other)
        with transaction(writing=False):
            assert [(m.resident_id, m.agreed_at is not None) for m in db.session.scalars(select(Minor))] == [
                (kept, True)
            ]
            assert db.session.scalars(select(RightsRequest.resident_id)).all() == [kept]
