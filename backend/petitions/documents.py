"""The written documents of a petition: numbered in the step that makes them, delivered with a record (§1.3).

The row, its number and everything it says are written with the step; its two files are made by the worker
(document_files.py) from the same JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import func, select

from backend import audit
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.ids import new_id, show_code
from backend.petitions import document_files, effects, guide, joined, policy, templates
from backend.petitions.access import get_petition_for
from backend.petitions.effects import Taken
from backend.petitions.models import Petition, PetitionDocument, PetitionFile, PetitionParty
from backend.petitions.opinion import demand_delivery_date
from backend.petitions.states import HANDLE_CLOCK, SIMPLE_CLOCK
from backend.petitions.words import BRANCHES, DOCUMENTS, OUTCOMES, day_of, long_day
from backend.places.models import Town
from backend.places.queries import get_place, places_named
from backend.workflow import clocks

#: which step makes which document
MADE_BY = {
    "accept": "acceptance",
    "accept_simple": "simple",
    "study": "study",
    "guide": "guidance",
    "refuse": "refusal",
    "no_longer_accept": "no_longer",
    "transfer": "transfer",
    "approve_extension": "extension",
    "approve_opinion": "opinion",  # of a suggestion: REPLY
    "answer_joined": "joined",
    "record_review": "review",
    "record_reexamination": "reexamination",
}
#: made by the body above, with its own number; the town writes down what it said (PET-11, PET-12)
FROM_ABOVE = frozenset({"review", "reexamination"})
OPINION, REPLY = "opinion", "reply"
#: read by the petitioner only once delivered: the windows to ask for more run from there (PET-11)
WHEN_DELIVERED = frozenset({OPINION, REPLY, *FROM_ABOVE})
NO_NAME = "信访人"
#: what a phone's keyboard may send and no page of a document can hold
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def number_of(word: str, year: int, sequence: int) -> str:
    """南信受告〔2026〕3号."""
    return f"{word}〔{year}〕{sequence}号"


@effects.writes(*MADE_BY)
def _make(taken: Taken) -> None:
    kind = MADE_BY[taken.entry.action]
    if kind == OPINION and taken.petition.petition_class == policy.SUGGESTION:
        kind = REPLY
    number = str(taken.given["number"]) if kind in FROM_ABOVE else None
    values, made_on = _values(taken, kind), day_of(taken.entry.at)
    row = write(taken.petition, kind, taken.actor, values, made_on, number)
    if kind in FROM_ABOVE:  # the body above delivered it, before it was entered here
        row.delivered_on = _delivered(taken.given)


def write(
    petition: Petition,
    kind: str,
    actor: Actor,
    values: Mapping[str, str],
    made_on: date,
    number: str | None = None,
) -> PetitionDocument:
    """Number a document of a petition and owe its files; the caller's transaction holds all of it.

    `number`: of a document that another body made; it takes none of the town's series.
    """
    text = templates.text_of(petition.town_id, kind)
    town = _locked(petition.town_id)
    sequence = _next(petition.town_id, kind, made_on.year) if number is None else None
    if number is None:
        word = f"{guide.number_word(petition.town_id)}{text.kind.word}"
        number = number_of(word, made_on.year, sequence or 0)
    told = _common(petition, made_on) | dict(values) | {"文号": number}
    said = {name: _UNPRINTABLE.sub("", value) for name, value in told.items()}
    filled = {
        "heading": "".join(part["text"] for part in templates.fill(text.heading, said)),
        "number": number,
        "addressee": said["信访人"],
        "parts": templates.fill(text.body, said),
        "signer": town.operator,
        "date": long_day(made_on),
    }
    row = PetitionDocument(
        id=new_id(),
        petition_id=petition.id,
        town_id=petition.town_id,
        kind=kind,
        year=made_on.year,
        sequence=sequence,
        number=number,
        filled=json.dumps(filled),
        made_by=actor.id,
        made_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    document_files.owe(row)
    return row


def _locked(town_id: int) -> Town:
    """The town's row, locked: two documents written at once do not take one number."""
    query = select(Town).where(Town.id == town_id).with_for_update()
    return db.session.scalars(query).one()


def _next(town_id: int, kind: str, year: int) -> int:
    highest = db.session.scalar(
        select(func.max(PetitionDocument.sequence)).where(
            PetitionDocument.town_id == town_id,
            PetitionDocument.kind == kind,
            PetitionDocument.year == year,
        )
    )
    return (highest or 0) + 1


def _common(petition: Petition, made_on: date) -> dict[str, str]:
    town = get_place(petition.town_id)
    accepted = petition.accepted_on
    return {
        "信访人": _addressee(petition),
        "查询码": show_code(petition.code),
        "收到日期": long_day(petition.received_on),
        "投诉请求": petition.claim,
        "镇名": town.name,
        "作出日期": long_day(made_on),
        "责任单位": petition.assignee_unit_name,
        "受理日期": long_day(accepted) if accepted is not None else "",
    }


def _addressee(petition: Petition) -> str:
    query = (
        select(PetitionParty.name)
        .where(
            PetitionParty.petition_id == petition.id,
            PetitionParty.role.in_(("petitioner", "co_signer")),
            (PetitionParty.role == "petitioner") | PetitionParty.confirmed_at.is_not(None),
        )
        .order_by(PetitionParty.id)
    )
    names = [name for name in db.session.scalars(query) if name]
    if not names or petition.anonymous:
        return NO_NAME
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}人"


def _values(taken: Taken, kind: str) -> dict[str, str]:
    """What the step itself brings into its document."""
    given = {name: str(value) for name, value in taken.given.items() if value}
    note, body = given.get("note", ""), given.get("body", "")
    told: dict[str, Callable[[], dict[str, str]]] = {
        "acceptance": lambda: {"办理期限": _handle_by(taken.petition), "说明": note},
        "simple": lambda: {"办理期限": _handle_by(taken.petition), "说明": note},
        "study": lambda: {
            "意见建议": taken.petition.claim,
            "答复日期": _handle_by(taken.petition),
            "说明": note,
        },
        "guidance": lambda: {
            "途径": BRANCHES.get(given.get("branch", ""), ""),
            "应找机关": body,
            "告知内容": note,
        },
        "refusal": lambda: {"理由": note, "应找机关": body},
        "no_longer": lambda: {"理由": note},
        "transfer": lambda: {"转往机关": body, "理由": note},
        "extension": lambda: {"办理期限": _handle_by(taken.petition), "理由": note},
        "opinion": lambda: _opinion(taken.petition),
        "reply": lambda: _reply(taken.petition),
        "joined": lambda: _with_the_other(taken.petition),
        "review": lambda: {"复查机关": body, "复查意见": note, "送达日期": _received(given)},
        "reexamination": lambda: {"复核机关": body, "复核意见": note, "送达日期": _received(given)},
    }
    return told[kind]()


def _received(given: Mapping[str, object]) -> str:
    return long_day(_delivered(given))


def _handle_by(petition: Petition) -> str:
    """The last day of the handling clock, counted from acceptance (PET-08, PET-09, PET-25)."""
    clock = clocks.held_by(petition).get(SIMPLE_CLOCK if petition.simple else HANDLE_CLOCK)
    return long_day(day_of(clock.due_at)) if clock is not None else ""


def _opinion(petition: Petition) -> dict[str, str]:
    """The four parts of an opinion (PET-10), as they were drafted and signed."""
    drafted = json.loads(petition.opinion or "{}")
    above = _county(petition.town_id)
    return {
        "投诉请求": str(drafted.get("claim") or petition.claim),
        "事实和理由": str(drafted.get("facts") or ""),
        "处理意见": str(drafted.get("note") or ""),
        "依据": str(drafted.get("basis") or ""),
        "结论": OUTCOMES.get(petition.outcome or "", ""),
        "复查机关": f"{above}人民政府" if above else "",
    }


def _reply(petition: Petition) -> dict[str, str]:
    """What became of a suggestion (article 29), from the same draft; there is no review of it (article 35)."""
    drafted = json.loads(petition.opinion or "{}")
    return {
        "意见建议": str(drafted.get("claim") or petition.claim),
        "研究情况": str(drafted.get("facts") or ""),
        "处理意见": str(drafted.get("note") or ""),
        "依据": str(drafted.get("basis") or ""),
        "结论": OUTCOMES.get(petition.outcome or "", ""),
    }


def _with_the_other(petition: Petition) -> dict[str, str]:
    """The answer of the petition it was joined with, to this one's own request; of nobody else's name."""
    lead = joined.lead_of(petition)
    said = _reply(lead) if lead.petition_class == policy.SUGGESTION else _opinion(lead)
    return {
        "事实和理由": said.get("事实和理由") or said.get("研究情况", ""),
        "处理意见": said["处理意见"],
        "结论": said["结论"],
        "依据": said["依据"],
        "责任单位": lead.assignee_unit_name,
        "复查机关": said.get("复查机关", ""),
    }


def _county(town_id: int) -> str:
    parent = get_place(town_id).parent_id
    return "" if parent is None else places_named([parent])[parent].name


@effects.writes("deliver")
def _opinion_delivered(taken: Taken) -> None:
    query = select(PetitionDocument).where(
        PetitionDocument.petition_id == taken.petition.id, PetitionDocument.kind.in_((OPINION, REPLY))
    )
    row = db.session.scalars(query.order_by(PetitionDocument.id.desc()).limit(1)).first()
    if row is not None:
        _note_delivery(row, taken.actor, taken.given)


def deliver(actor: Actor, document_id: int, given: Mapping[str, object]) -> PetitionDocument:
    """Record how a notice was delivered: way, date (Shanghai), signed or refused, what the person said.

    Raises NotFound, Conflict when it is recorded already or belongs to a step of its own, Invalid for a
    date that cannot be.
    """
    row, petition = _found(actor, document_id)
    if not policy.in_office(petition, actor):
        raise _unknown()
    if row.kind in WHEN_DELIVERED:
        raise Conflict("delivery_is_a_step", "这份文书的送达要用“登记送达”办理，期限从送达之日起算。")
    if row.delivered_on is not None:
        raise Conflict("delivered_already", "这份文书的送达已经登记过了，不能改动。")
    _note_delivery(row, actor, given)
    audit.record(actor, "petition_document.deliver", "petition", petition.id, {"document_id": str(row.id)})
    db.session.flush()
    return row


def _note_delivery(row: PetitionDocument, actor: Actor, given: Mapping[str, object]) -> None:
    delivered = _delivered(given)
    demand_delivery_date(delivered, day_of(row.made_at), DOCUMENTS[row.kind])
    row.delivered_on, row.delivery_by = delivered, actor.id
    row.way, row.signed = str(given.get("way") or ""), str(given.get("signed") or "")
    row.stance = str(given.get("stance") or "")


def _delivered(given: Mapping[str, object]) -> date:
    value = given.get("delivered_on")
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def file_of(actor: Actor, document_id: int, form: str) -> PetitionFile:
    """The "pdf" or "docx" of a document whose petition the actor may see; the opening is on record.

    A petitioner reads an opinion once its delivery is recorded. NotFound, Conflict while it is being made.
    """
    row, petition = _found(actor, document_id)
    if actor.kind == "resident" and row.kind in WHEN_DELIVERED and row.delivered_on is None:
        raise _unknown()
    file_id = row.pdf_file_id if form == "pdf" else row.docx_file_id
    if file_id is None:
        raise Conflict("document_not_ready", "文书正在生成，请过一会儿再打开。")
    said = {"document_id": str(row.id), "as": form}
    audit.record(actor, "petition_document.open", "petition", petition.id, said)
    return db.session.get_one(PetitionFile, file_id)


def _found(actor: Actor, document_id: int) -> tuple[PetitionDocument, Petition]:
    row = db.session.get(PetitionDocument, document_id)
    if row is None:
        raise _unknown()
    return row, get_petition_for(actor, row.petition_id)


def _unknown() -> NotFound:
    return NotFound("document_unknown", "没有找到这份文书，可能编号不对，或您无权查看。")
