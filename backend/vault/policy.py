"""Who reads what is sealed, who vouches for a key, and who can never be given a letter. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.kernel.actor import Actor

READ = "vault.read"


def is_reader(actor: Actor) -> bool:
    """Whether the actor reads for the whole town, at a desk. Nobody reads for a part of it."""
    return (
        actor.kind == "staff"
        and actor.town_id is not None
        and actor.may_on(READ, {"town": actor.town_id}, actor.unit_id)
    )


def named_and_below(named: Iterable[int], parents: Mapping[int, int | None]) -> frozenset[int]:
    """The units named in a letter and everything under them, by the tree of units (id → parent's id).

    None of them can ever be given the letter (XF 30 ¶3, §8.1 point 5).
    """
    found = frozenset(named)
    return found | {unit for unit in parents if found.intersection(_above(unit, parents))}


def _above(unit: int, parents: Mapping[int, int | None]) -> set[int]:
    seen: set[int] = set()
    parent = parents.get(unit)
    while parent is not None and parent not in seen:
        seen.add(parent)
        parent = parents.get(parent)
    return seen


def may_confirm(actor_id: int, key_holder: int, active_holders: Iterable[int]) -> bool:
    """Whether this reader may vouch for a key that waits: they have an active one of their own, and it is
    a colleague's key. One's own new key is confirmed by oneself only where there is no colleague."""
    holders = set(active_holders)
    if actor_id not in holders:
        return False
    return key_holder != actor_id or holders == {actor_id}
