"""What petitions keep of a person: shown and copied in full, corrected while open, let go of once ended (PI-07).

A petition is a file that the law has kept (档案法): when its person goes, what was theirs alone goes with
them (phone, identity number, the reason of a rating, the tie to their account), and the matter stays stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.kernel.ids import show_code
from backend.petitions import files, guide, visits
from backend.petitions.access import get_petition_for
from backend.petitions.models import Petition, PetitionParty, PetitionRating
from backend.petitions.resident_views import parties_of, readings_of
from backend.petitions.states import TABLE
from backend.petitions.visit_models import PetitionVisit
from backend.petitions.words import CHANNELS, PARTY_ROLES, RATED, SCORES
from backend.workflow.models import TimelineEntry

CORRECTABLE = ("name", "phone", "address", "id_number")


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Every petition of a resident and everything they signed, in full. What lies sealed is nobody's to list."""
    own = select(Petition).where(Petition.resident_id == resident_id)
    petitions = db.session.scalars(own.order_by(Petition.created_at.desc(), Petition.id.desc()))
    signed = (
        select(PetitionParty, Petition)
        .join(Petition, Petition.id == PetitionParty.petition_id)
        .where(PetitionParty.resident_id == resident_id, PetitionParty.role == "co_signer")
        .order_by(PetitionParty.id.desc())
    )
    return [
        {
            "code": "petitions",
            "title": "您提出的信访事项",
            "records": [{"title": p.title, "facts": _facts(p)} for p in petitions],
        },
        {
            "code": "petition_signatures",
            "title": "您联名的信访事项",
            "records": [
                {"title": guide.topic_label(petition.town_id, petition.topic), "facts": _signature(party)}
                for party, petition in db.session.execute(signed)
            ],
        },
        {
            "code": "petition_visits",
            "title": "您的走访预约",
            "records": [
                {"title": guide.topic_label(visit.town_id, visit.topic), "facts": _visit(visit)}
                for visit in visits.visits_of(resident_id)
            ],
        },
    ]


def _visit(visit: PetitionVisit) -> list[tuple[str, Any]]:
    return [
        ("哪一天", visit.visit_on),
        ("时间", visit.slot),
        ("姓名", visit.name),
        ("电话", visit.phone),
        ("想说的事", visit.matter),
        ("代表", "、".join(visits.names_of(visit))),
        ("镇信访办的答复", visit.answer),
    ]


def _facts(petition: Petition) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = [
        ("查询码", show_code(petition.code)),
        ("哪方面的事", guide.topic_label(petition.town_id, petition.topic)),
        ("请求", petition.claim),
        ("事实", petition.facts),
        ("理由", petition.reasons),
        ("从哪里提出的", CHANNELS.get(petition.channel, petition.channel)),
        ("收到日期", petition.received_on),
        ("现在的状态", TABLE.state(petition.state).label),
        ("责任单位", petition.assignee_unit_name),
        ("材料", f"{len(files.of_petition(petition.id))} 份"),
    ]
    for party in parties_of(petition.id):
        own = party.role != "co_signer"  # what others signed with is theirs
        told += [(PARTY_ROLES[party.role], party.name), *(_contact(party) if own else ())]
    return told + _said(petition) + _rated(petition) + _opened(petition)


def _contact(party: PetitionParty) -> list[tuple[str, Any]]:
    return [
        ("电话", party.phone),
        ("住址", party.address),
        ("身份证号", party.id_number),
        ("与您的关系", party.relation),
    ]


def _signature(party: PetitionParty) -> list[tuple[str, Any]]:
    return [("姓名", party.name), *_contact(party), ("联名时间", party.confirmed_at)]


def _said(petition: Petition) -> list[tuple[str, Any]]:
    entries = select(TimelineEntry).where(
        TimelineEntry.subject_kind == petition.kind,
        TimelineEntry.subject_id == petition.id,
        TimelineEntry.actor_kind == "resident",
        TimelineEntry.note.is_not(None),
    )
    return [("您写的", entry.note) for entry in db.session.scalars(entries.order_by(TimelineEntry.seq))]


def _rated(petition: Petition) -> list[tuple[str, Any]]:
    rows = select(PetitionRating).where(PetitionRating.petition_id == petition.id)
    return [
        (f"您对{RATED[row.object]}的评价", f"{SCORES[row.score]} {row.reason or ''}".strip())
        for row in db.session.scalars(rows.order_by(PetitionRating.object))
        if row.score
    ]


def _opened(petition: Petition) -> list[tuple[str, Any]]:
    return [(f"{row.unit_name}打开过", row.hour) for row in readings_of(petition.id)]


def correct(actor: Actor, petition_id: int, changes: Mapping[str, str]) -> Petition:
    """Change one's own name, phone, address or identity number while the matter is open; on record.

    Raises NotFound for what is not the actor's, Conflict once it has ended: its papers say what they say.
    """
    petition = get_petition_for(actor, petition_id)
    db.session.refresh(petition, with_for_update=True)
    if not TABLE.state(petition.state).is_open:
        raise Conflict(
            "petition_ended", "这件事已经有了结果，文书按当时的登记。要更正，请在“我的个人信息”里提申请。"
        )
    own = [p for p in parties_of(petition.id) if p.resident_id == actor.id]
    changed = {
        name
        for party in own
        for name in CORRECTABLE
        if name in changes and (changes[name] or "") != (getattr(party, name) or "")
    }
    for party in own:
        for name in changed:
            setattr(party, name, changes[name] or None)
    if changed:
        record(actor, "own_data_corrected", petition.kind, petition.id, {"what": sorted(changed)})
    db.session.flush()
    return petition


def still_open(resident_id: int) -> list[str]:
    """What of this person's is still being handled, in neutral words; an account is not closed over it."""
    rows = db.session.scalars(
        select(Petition).where(Petition.resident_id == resident_id, Petition.closed_at.is_(None))
    )
    return [f"反映的事项 {show_code(petition.code)}" for petition in rows]


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Take the person out of what has ended (PIPL 47); record kind → ids. What is open stays as it is."""
    parties = db.session.scalars(
        select(PetitionParty)
        .join(Petition, Petition.id == PetitionParty.petition_id)
        .where(PetitionParty.resident_id == resident_id, Petition.closed_at.is_not(None))
        .with_for_update()
    ).all()
    for party in parties:
        party.resident_id = party.phone = party.id_number = None
    ended = db.session.scalars(
        select(Petition)
        .where(Petition.resident_id == resident_id, Petition.closed_at.is_not(None))
        .with_for_update()
    ).all()
    ids = [petition.id for petition in ended]
    for petition in ended:
        petition.resident_id = None
    for rating in db.session.scalars(select(PetitionRating).where(PetitionRating.petition_id.in_(ids))):
        rating.reason = None
    db.session.flush()
    gone = visits.forget(visits.visits_of(resident_id))
    return {"petition_party": [party.id for party in parties], "petition_person": ids, "petition_visit": gone}


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: what they brought and signed follows."""
    for model in (Petition, PetitionParty, PetitionVisit):
        db.session.execute(
            update(model)
            .where(model.resident_id == gone_id)
            .values(resident_id=kept_id)
            .execution_options(synchronize_session=False)
        )
