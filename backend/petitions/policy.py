"""May I see this petition, and take this edge of it? Pure.

Deny by default: the office (petition.triage) in its town, whoever is assigned or helps, the head who
signs (petition.approve), and the petitioner. Nobody who has to keep out of it (回避, PET-15) is among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from backend.kernel.actor import Actor
from backend.workflow.table import Edge

PETITIONERS = frozenset(
    {
        "file",
        "supplement",
        "withdraw",
        "ask_avoidance",
        "rate_office",
        "rate_unit",
        "ask_review",
        "ask_reexamination",
    }
)
#: what the office (信访办) does
OFFICE = frozenset(
    {
        "register",
        "receive",
        "accept",
        "accept_simple",
        "study",
        "guide",
        "transfer",
        "refuse",
        "no_longer_accept",
        "object",
        "sender_agrees",
        "sender_declines",
        "join",
        "reassign",
        "add_unit",
        "deliver",
        "above_accepts",
        "record_review",
        "begin_hearing",
        "end_hearing",
        "record_reexamination",
        "exclude_person",
        "call_back",
        "report_urgent",
    }
)
#: what whoever has it does
HANDLERS = frozenset(
    {
        "start",
        "to_ordinary",
        "ask_extension",
        "hold_hearing",
        "agree_mediation",
        "settle",
        "draft_opinion",
        "carry_out",
    }
)
#: decided by the unit's head, never by the one who asked or drafted (PET-09)
HEADS = frozenset({"approve_extension", "refuse_extension", "approve_opinion", "send_back"})
SUGGESTIONS_ONLY = frozenset({"adopted", "partly_adopted", "not_adopted"})
SUGGESTION, CLAIM = "suggestion", "claim"
#: articles 35 and 36 speak of an opinion on a claim; a suggestion is answered, and has no body above (PET-11)
CLAIMS_ONLY = frozenset({"ask_review", "ask_reexamination"})


class PetitionLike(Protocol):
    """What the rules read of a petition."""

    @property
    def resident_id(self) -> int | None: ...
    @property
    def anonymous(self) -> bool: ...
    @property
    def petition_class(self) -> str: ...
    @property
    def sender_body(self) -> str: ...
    @property
    def assignee_unit_id(self) -> int | None: ...
    @property
    def assignee_staff_id(self) -> int | None: ...
    @property
    def helpers(self) -> list[dict[str, Any]]: ...
    @property
    def pending_request(self) -> str: ...
    @property
    def pending_by(self) -> int | None: ...
    @property
    def drafted_by(self) -> int | None: ...
    @property
    def extension_count(self) -> int: ...
    @property
    def follow_up_open(self) -> bool: ...
    @property
    def simple(self) -> bool: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


def may_see(
    petition: PetitionLike, actor: Actor, excluded: Iterable[int] = (), signed: Iterable[int] = ()
) -> bool:
    """Whether this person may open it. `excluded`: ids of staff who have to keep out of it.

    `signed`: residents who signed it with the petitioner: they read it, and take none of its edges.
    """
    if actor.kind == "resident":
        return owns(petition, actor) or actor.id in frozenset(signed)
    if actor.kind != "staff":
        return actor.kind == "system"
    if actor.id in frozenset(excluded):
        return False
    return (
        in_office(petition, actor)
        or is_head(petition, actor)
        or has(petition, actor)
        or helps(petition, actor)
    )


def owns(petition: PetitionLike, actor: Actor) -> bool:
    """Whether this resident is the petitioner: the one who acts, rates and withdraws."""
    return actor.kind == "resident" and petition.resident_id is not None and petition.resident_id == actor.id


def in_office(petition: PetitionLike, actor: Actor) -> bool:
    """Whether the actor is of the office that registers and informs."""
    return actor.may_on("petition.triage", petition.places, petition.assignee_unit_id)


def is_head(petition: PetitionLike, actor: Actor) -> bool:
    """Whether the actor signs for the body that handles it."""
    return actor.may_on("petition.approve", petition.places, petition.assignee_unit_id)


def has(petition: PetitionLike, actor: Actor) -> bool:
    """Whether it is this person's to handle: given to them, or to their unit and to nobody in it."""
    if not actor.may("petition.handle"):
        return False
    if petition.assignee_staff_id is not None:
        staff_id = petition.assignee_staff_id
        return staff_id == actor.id or actor.stands_for(staff_id) is not None
    return petition.assignee_unit_id is not None and petition.assignee_unit_id == actor.unit_id


def helps(petition: PetitionLike, actor: Actor) -> bool:
    """Whether the actor's unit was asked to help (协办, PET-06)."""
    if not actor.may("petition.handle"):
        return False
    return any(
        one.get("staff_id") == str(actor.id) or (not one.get("staff_id") and one["id"] == str(actor.unit_id))
        for one in petition.helpers
    )


def may_take(petition: PetitionLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge now."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if edge.action in PETITIONERS:
        return owns(petition, actor) and not (
            edge.action in CLAIMS_ONLY and petition.petition_class == SUGGESTION
        )
    if actor.kind != "staff":
        return False
    if edge.action in OFFICE:
        return in_office(petition, actor) and _office_may(petition, edge.action)
    if edge.action in HEADS:
        return is_head(petition, actor) and _head_may(petition, edge.action, actor)
    if edge.action in HANDLERS:
        return has(petition, actor) and _handler_may(petition, edge.action)
    return edge.action == "note" and (
        in_office(petition, actor) or has(petition, actor) or helps(petition, actor)
    )


def _office_may(petition: PetitionLike, action: str) -> bool:
    # PET-05: only what another body sent can be objected to; from above, or not from anybody
    return action != "object" or bool(petition.sender_body)


def _head_may(petition: PetitionLike, action: str, actor: Actor) -> bool:
    if action in {"approve_extension", "refuse_extension"}:
        return petition.pending_request == "extension" and petition.pending_by != actor.id
    return petition.drafted_by != actor.id


def _handler_may(petition: PetitionLike, action: str) -> bool:
    if action == "ask_extension":
        return not petition.pending_request and petition.extension_count == 0 and not petition.simple
    if action == "to_ordinary":
        return petition.simple
    return action != "carry_out" or petition.follow_up_open
