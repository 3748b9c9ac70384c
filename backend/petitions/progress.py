"""How far a petition is, by its code and the phone that was left with it; by the code alone without a name.

State, dates, the titles of the steps and the numbers of the documents: no word of anybody's.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.cases.views import title_of
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import read_code, show_code
from backend.petitions import words
from backend.petitions.models import Petition
from backend.petitions.resident_views import INNER, documents_of, parties_of
from backend.petitions.states import TABLE, UNINFORMED
from backend.petitions.words import DOCUMENTS, clock_line, day_of
from backend.workflow import clocks
from backend.workflow.queries import timeline_of

#: as the retention rule petition_contacts has it
CONTACT_KEPT = timedelta(days=365)


def by_code(code: str, phone: str) -> dict[str, Any]:
    """What the code opens. A wrong code and a wrong phone look alike: NotFound."""
    found = db.session.execute(select(Petition).where(Petition.code == read_code(code))).scalar_one_or_none()
    if found is None or not _fits(found, phone):
        raise NotFound(
            "code_unknown", "没有对上。请核对查询码（共 12 位）和提交时留下的电话；匿名提交的只填查询码。"
        )
    return _shown(found)


def _fits(petition: Petition, phone: str) -> bool:
    """Whether the phone is that of somebody who speaks in it; where none was ever left, the code is enough.

    A phone that was left and has been erased since (PI-08, PI-07) opens nothing any more, nor does the code alone.
    """
    left = [digits for party in parties_of(petition.id) if (digits := _digits(party.phone or ""))]
    given = _digits(phone)
    if not left:
        return petition.anonymous or (petition.registered_by is not None and not _kept_no_more(petition))
    return any(hmac.compare_digest(one.encode(), given.encode()) for one in left)


def _kept_no_more(petition: Petition) -> bool:
    return petition.closed_at is not None and petition.closed_at < now() - CONTACT_KEPT


def _digits(phone: str) -> str:
    return "".join(ch for ch in phone if ch.isdigit())


def _next_step(petition: Petition) -> str:
    """What follows; nothing in writing goes to somebody whose name and address nobody knows (PET-04)."""
    if petition.anonymous and petition.state in UNINFORMED:
        return "镇信访办已经登记。您没有留姓名，由谁办、办到哪一步，凭这个查询码来看。"
    return words.next_step(petition)


def _shown(petition: Petition) -> dict[str, Any]:
    state = TABLE.state(petition.state)
    held = clocks.of_subject(petition.kind, petition.id)
    return {
        "code_display": show_code(petition.code),
        "state": petition.state,
        "state_label": state.label,
        "tone": state.tone,
        "next_step": _next_step(petition),
        "unit_name": petition.assignee_unit_name or None,
        "received_on": petition.received_on,
        "dates": [clock_line(clock) for clock in held if clock.name not in INNER],
        "timeline": [
            {"at": entry.at, "title": title_of(entry, TABLE, to_citizen=True)}
            for entry in timeline_of(petition.kind, petition.id, "resident")
        ],
        "documents": [
            {
                "kind_label": DOCUMENTS.get(one.kind, one.kind),
                "number": one.number,
                "made_on": day_of(one.made_at),
            }
            for one in documents_of(petition.id)
        ],
    }
