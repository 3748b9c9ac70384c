"""Written down by the office: visits, letters, calls, and what another body sends (PET-01, PET-05).

Nothing is refused for what it says or for whose it is. What is refused is a slip of the pen: a day that has
not come, a sixth representative, a name with what is said to be anonymous.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.errors import Forbidden, Invalid
from backend.petitions import files, policy
from backend.petitions.filing import (
    AGENT,
    CO_SIGNER,
    PETITIONER,
    REPRESENTATIVE,
    Matter,
    Party,
    add_parties,
    begin,
    new_petition,
)
from backend.petitions.models import Petition
from backend.petitions.states import TABLE

REGISTER, RECEIVE = "register", "receive"
ACTIONS = (REGISTER, RECEIVE)
UPSTREAM, VISIT = "upstream", "visit"
#: how a petition reached the office
CHANNELS = (VISIT, "letter", "call", UPSTREAM)
ROLES = (PETITIONER, CO_SIGNER, AGENT, REPRESENTATIVE)
MOST_REPRESENTATIVES = 5
MOST_AGENTS = 2


@dataclass(frozen=True)
class Intake:
    """What the office filled in, already checked field by field. Dates are Shanghai's."""

    action: str
    channel: str
    matter: Matter
    received_on: date
    parties: tuple[Party, ...] = ()
    anonymous: bool = False
    sender_body: str = ""
    sender_number: str = ""
    sender_due_on: date | None = None


def take_in(actor: Actor, intake: Intake) -> Petition:
    """Register what somebody brought to the office; the clocks run from the day it was received.

    Raises Forbidden outside the actor's town, Invalid with the fields at fault; nothing is written then.
    """
    _demand(_faults(intake))
    petition = new_petition(intake.matter, channel=intake.channel, received_on=intake.received_on)
    petition.registered_by, petition.anonymous = actor.id, intake.anonymous
    petition.sender_body, petition.sender_number = intake.sender_body, intake.sender_number
    petition.sender_due_on, petition.helpers = intake.sender_due_on, []
    petition.joint = sum(1 for party in intake.parties if party.role != AGENT) > 1
    edge = TABLE.edge(intake.action, "")
    if edge is None or not policy.may_take(petition, edge, actor):
        raise Forbidden
    begin(petition, actor, intake.action)
    add_parties(petition, intake.parties)
    files.attach(files.owner_of(actor), intake.matter.file_ids, petition.id)
    return petition


def _faults(intake: Intake) -> dict[str, str]:
    """What does not belong, by field, each with its article."""
    found = _speaking(intake)
    if intake.received_on > today():
        found["received_on"] = (
            "收到的日期不能在今天以后：告知的期限从收到之日起算（《信访工作条例》第二十三条）"
        )
    if intake.action == RECEIVE or intake.channel == UPSTREAM:
        return found | _sent(intake)
    if intake.sender_body or intake.sender_number or intake.sender_due_on is not None:
        found["sender_body"] = "上级或其他单位转来的才填写这几项"
    return found


def _speaking(intake: Intake) -> dict[str, str]:
    count = Counter(party.role for party in intake.parties)
    if intake.anonymous:
        return {"parties": "匿名的不登记姓名和电话"} if intake.parties else {}
    if not count[PETITIONER] and not count[REPRESENTATIVE]:
        return {"parties": "请登记信访人的姓名；不愿留姓名的，选“匿名”也照样登记"}
    if intake.channel == VISIT and count[REPRESENTATIVE] > MOST_REPRESENTATIVES:
        return {"parties": "走访推选的代表不超过五人（《信访工作条例》第二十条），请由他们再推选"}
    if count[AGENT] > MOST_AGENTS:
        return {"parties": "代理人最多两名（《山东省信访条例》第二十八条），请去掉多的"}
    return {}


def _sent(intake: Intake) -> dict[str, str]:
    """PET-05: what another body sends is received with its name, so that it can be objected to."""
    found: dict[str, str] = {}
    if intake.action != RECEIVE or intake.channel != UPSTREAM:
        found["channel"] = "上级或其他单位转来的，请选“登记转来的信访件”和“上级转来”"
    if not intake.sender_body:
        found["sender_body"] = "请写明是哪个单位转来的"
    if intake.sender_due_on is not None and intake.sender_due_on < intake.received_on:
        found["sender_due_on"] = "要求反馈的日期早于收到的日期，请核对"
    return found


def _demand(faults: dict[str, str]) -> None:
    if faults:
        said = {name: [sentence] for name, sentence in faults.items()}
        raise Invalid("intake_incomplete", "；".join(faults.values()) + "。", fields=said)
