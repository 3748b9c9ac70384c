"""Who is meant by an audience, and how they can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.cases.queries import SubjectCard
from backend.identity import queries as identity
from backend.notifications import grants, ports
from backend.notifications.table import MINI, OFFICIAL, Audience
from backend.workflow.models import TimelineEntry

_ROLES = {
    Audience.DISPATCHERS: "dispatcher",
    Audience.LEADERS: "leader",
    Audience.VILLAGE_HEADS: "village_head",
    Audience.PETITION_OFFICE: "petition_clerk",
}
#: people whom the row itself names by id
_NAMED_IN_ROW = {Audience.ASKER: "asked_by", Audience.FORMER: "from_staff_id"}


@dataclass(frozen=True)
class Person:
    """A resident or a member of staff."""

    kind: str
    id: int


def people(audience: Audience, entry: TimelineEntry, card: SubjectCard) -> list[Person]:
    """The people an event's audience means; nobody is told of what they did themselves as staff."""
    meant = _people(audience, entry, card)
    return [
        p
        for p in meant
        if not (p.kind == "staff" == entry.actor_kind and p.id == entry.actor_id)
        and not (p.kind == "staff" and p.id in card.kept_out)
    ]


def _people(audience: Audience, entry: TimelineEntry, card: SubjectCard) -> list[Person]:
    if audience is Audience.RESIDENT:
        if entry.visibility == "staff":
            return []
        brought = [card.resident_id] if card.resident_id is not None else []
        return [Person("resident", one) for one in (*brought, *card.also_for)]
    if audience is Audience.HANDLER:
        return _handlers(entry, card)
    if audience is Audience.REGISTRAR:
        nobody_else = card.resident_id is None and card.registered_by is not None
        return [Person("staff", int(card.registered_by or 0))] if nobody_else else []
    if audience is Audience.LEAD:
        return _hands(int(entry.data.get("lead_unit_id") or 0), entry.data.get("lead_staff_id"), card)
    if audience in _NAMED_IN_ROW:
        named = entry.data.get(_NAMED_IN_ROW[audience])
        return [Person("staff", int(named))] if named else []
    return _staff(member.id for member in identity.staff_for(card.town_id, _ROLES[audience], card.places))


def _handlers(entry: TimelineEntry, card: SubjectCard) -> list[Person]:
    """As the row says it was assigned; rows that assign nothing mean who has it."""
    if entry.data.get("unit_id"):
        unit_id, staff_id = int(entry.data["unit_id"]), entry.data.get("staff_id")
    else:
        unit_id, staff_id = card.assignee_unit_id or 0, card.assignee_staff_id
    return _hands(unit_id, staff_id, card)


def _hands(unit_id: int, staff_id: Any, card: SubjectCard) -> list[Person]:
    """One person and who stands in for them (代班), or all in the unit who could take it."""
    if staff_id:
        return _staff([int(staff_id), *identity.stand_ins_of(int(staff_id))])
    if not unit_id:
        return []
    return _staff(member.id for member in identity.staff_of_unit(unit_id, card.handled_with))


def _staff(ids: Iterable[int]) -> list[Person]:
    return [Person("staff", one) for one in ids]


class Reach:
    """How people can be reached now: whether they want to be, their openids, and what these granted.

    Read once for all of them, in one statement for each of the three.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        wanted = set(people)
        residents = {person.id for person in wanted if person.kind == "resident"}
        self._notified = identity.notified(residents)
        self._accounts = identity.wechat_of_residents(residents) if residents else {}
        self._of_staff = identity.wechat_of_all_staff(p.id for p in wanted if p.kind != "resident")
        everybody = [*self._accounts.values(), *self._of_staff.values()]
        self._usable = grants.Usable(MINI, {a.openid for few in everybody for a in few if a.app == MINI})

    def wants_push(self, person: Person) -> bool:
        """Whether the person lets us push. Tasks are pushed to staff as long as they have bound their WeChat."""
        return person.kind != "resident" or self._notified.get(person.id, False)

    def openids(self, person: Person, channel: str) -> list[str]:
        """The person's openids in one of our WeChat accounts; official ones only while they follow it."""
        known = self._accounts if person.kind == "resident" else self._of_staff
        accounts = known.get(person.id, [])
        return [a.openid for a in accounts if a.app == channel and (channel == MINI or a.followed)]

    def openid_for(self, person: Person, channel: str, template: str) -> str | None:
        """An openid that can be sent this template on this channel, or None."""
        configured = ports.templates().get(template, channel)  # type: ignore[arg-type]
        if configured is None:
            return None
        reachable = self.openids(person, channel)
        if channel == OFFICIAL:
            return reachable[0] if reachable else None
        return self._usable.of(reachable, configured.template_id)

    def channel_for(self, person: Person, template: str) -> str | None:
        """The push channel to use: a subscribe message where a grant is left, else the official account."""
        if not self.wants_push(person):
            return None
        return next((c for c in (MINI, OFFICIAL) if self.openid_for(person, c, template) is not None), None)
