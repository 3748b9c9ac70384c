"""The office writes down visits, letters and calls, and what other bodies send (PET-01, PET-05, PET-18)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel.db import db, run_unit
from backend.kernel.errors import AppError, Forbidden, Invalid
from backend.petitions import files
from backend.petitions.filing import Matter, Party
from backend.petitions.models import Petition, PetitionFile, PetitionParty
from backend.petitions.taking_in import Intake, take_in
from backend.workflow import clocks
from tests.factories.petition_forms import CLAIM, FACTS, staff_actor
from tests.factories.petitions import stored_file
from tests.factories.places import town
from tests.fakes.platform import RecordingPlatform

VISITOR = Party("petitioner", "赵老太", "0632-1234567", "湾尾村")


def taken(app: Flask, username: str = "xinfang", town_code: str = "dongwan", **changes: Any) -> int:
    """Register something as the office does; its id."""

    def unit() -> int:
        whole: dict[str, Any] = {
            "action": "register",
            "channel": "visit",
            "matter": Matter(town(town_code).id, "land", CLAIM, FACTS, "", changes.pop("file_ids", ())),
            "received_on": date(2026, 3, 10),
            "parties": (VISITOR,),
        }
        return take_in(staff_actor(username), Intake(**(whole | changes))).id

    with app.app_context():
        return run_unit(unit)


def due(app: Flask, petition_id: int) -> dict[str, str]:
    with app.app_context():
        held = clocks.of_subject("petition", petition_id)
        return {c.name: c.due_at.isoformat() for c in held}


def test_a_visit_is_written_down(app: Flask, platform: RecordingPlatform) -> None:
    made = taken(app)
    with app.app_context():
        petition = db.session.get_one(Petition, made)
        assert (petition.state, petition.channel, petition.resident_id) == ("registered", "visit", None)
        party = db.session.scalars(select(PetitionParty)).one()
        assert (party.name, party.resident_id, party.confirmed_at) == ("赵老太", None, None)


def test_the_clock_of_a_letter_runs_from_its_receipt(app: Flask) -> None:
    """PET-04: received on the 2nd, written down on the 10th, to be informed by the 17th."""
    late = taken(app, channel="letter", received_on=date(2026, 3, 2))
    assert due(app, late) == {"inform": "2026-03-17T15:59:59+00:00"}


def test_what_is_sent_down_can_be_objected_to_for_five_working_days(app: Flask) -> None:
    """PET-05: received on a Friday: the five working days end on the Friday after."""
    sent = taken(
        app,
        action="receive",
        channel="upstream",
        received_on=date(2026, 3, 6),
        sender_body="滕州市信访局",
        sender_number="滕信转〔2026〕8号",
        sender_due_on=date(2026, 5, 1),
    )
    assert due(app, sent) == {
        "inform": "2026-03-21T15:59:59+00:00",
        "objection": "2026-03-13T15:59:59+00:00",
        "sender": "2026-05-01T15:59:59+00:00",
    }


REPRESENTATIVE = Party("representative", "代表", "", "")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"received_on": date(2026, 3, 11)}, "received_on", "不能在今天以后"),
        ({"parties": ()}, "parties", "选“匿名”也照样登记"),
        ({"anonymous": True}, "parties", "匿名的不登记姓名"),
        ({"parties": (REPRESENTATIVE,) * 6}, "parties", "第二十条"),
        (
            {"parties": (VISITOR, *(Party("agent", "代理", relation="子女"),) * 3)},
            "parties",
            "第二十八条",
        ),
        ({"sender_body": "滕州市信访局"}, "sender_body", "转来的才填写"),
        ({"action": "receive", "channel": "upstream"}, "sender_body", "哪个单位"),
        ({"action": "receive", "sender_body": "滕州市信访局"}, "channel", "上级转来"),
        ({"channel": "upstream", "sender_body": "滕州市信访局"}, "channel", "登记转来的信访件"),
        (
            {
                "action": "receive",
                "channel": "upstream",
                "sender_body": "滕州市信访局",
                "sender_due_on": date(2026, 3, 9),
            },
            "sender_due_on",
            "早于收到",
        ),
    ],
)
def test_each_slip_has_its_sentence(app: Flask, change: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        taken(app, **change)
    assert words in refused.value.fields[field][0]
    with app.app_context():
        assert db.session.scalar(select(Petition.id)) is None


def test_five_representatives_come_and_any_number_may_write(app: Flask) -> None:
    """PET-18: the article is about visits; the number of those who sign a letter is not limited."""
    visit = taken(app, parties=(REPRESENTATIVE,) * 5)
    letter = taken(app, channel="letter", parties=(VISITOR, *(Party("co_signer", "联名"),) * 40))
    assert taken(app, channel="letter", parties=(REPRESENTATIVE,) * 6), "nor who may stand for them in it"
    with app.app_context():
        assert db.session.get_one(Petition, visit).joint
        assert db.session.get_one(Petition, letter).joint


def test_who_gives_no_name_is_registered_all_the_same(app: Flask) -> None:
    made = taken(app, channel="call", anonymous=True, parties=())
    with app.app_context():
        assert db.session.get_one(Petition, made).anonymous
        assert db.session.scalar(select(PetitionParty.id)) is None


@pytest.mark.parametrize("username", ["chengguan", "lingdao", "guanli", "fenliu", "jianju", "xxinfang"])
def test_nobody_else_registers_in_this_town(app: Flask, username: str) -> None:
    with pytest.raises(Forbidden):
        taken(app, username)


def test_the_offices_own_files_come_with_it(app: Flask) -> None:
    with app.app_context():
        clerk, other = (run_unit(lambda n=n: files.owner_of(staff_actor(n))) for n in ("xinfang", "fenliu"))
    mine, theirs = stored_file(app, clerk), stored_file(app, other)
    with pytest.raises(AppError):
        taken(app, file_ids=(theirs,))
    made = taken(app, file_ids=(mine,))
    with app.app_context():
        assert db.session.get_one(PetitionFile, mine).petition_id == made
        assert db.session.get_one(PetitionFile, theirs).petition_id is None
