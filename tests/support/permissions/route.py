"""What the matrix says of a route, in words short enough for a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from backend.identity.roles import ROLES

if TYPE_CHECKING:
    from tests.factories.identity import Caller
    from tests.support.permissions.scene import Scene

EVERYONE = frozenset(ROLES)
#: those who sign what a village publishes, one step each (OPEN-07)
SIGNERS = frozenset({"village_clerk", "village_supervisor", "village_secretary"})
#: those who see nothing of the cases: they, and the desks of 信访直通车
NO_CASES = frozenset({"petition_clerk", "vault_reader"}) | SIGNERS
Values = str | dict[str, str]


@dataclass(frozen=True)
class Target:
    """What the route's parameter names, and whose it is.

    case  the scene's case; who is out of its reach stands in scene.OUT_OF_SCOPE
    town  a record of 东湾镇: the same role in another town gets what it gets for one that is not there
    own   a record of the caller's own: the same role beside them gets what it gets for none
    none  nothing that is anybody's (a category, a month): whoever has the role may ask for any
    """

    kind: Literal["case", "town", "own", "none"]
    make: Callable[[Scene, Caller], Values] | None = None


@dataclass(frozen=True)
class Route:
    """Who may call a route, what about, and with which body. `hidden`: to everybody else it is not there (404)."""

    audience: Literal["public", "resident", "staff"]
    roles: frozenset[str] = frozenset()
    target: Target | None = None
    body: Any = None
    hidden: bool = False


CASE = Target("case")


def town(make: Callable[[Scene, Caller], Values]) -> Target:
    """A record of 东湾镇. `make(scene, caller)` makes or finds one; its id, or every parameter by name."""
    return Target("town", make)


def own(make: Callable[[Scene, Caller], Values]) -> Target:
    """A record that `make(scene, caller)` has the caller make for themselves; its id, or every parameter."""
    return Target("own", make)


def any_value(value: Values) -> Target:
    """A parameter that names nobody's record."""
    return Target("none", lambda scene, caller: value)


def public(body: Any = None, target: Target | None = None) -> Route:
    """Nobody is asked who they are."""
    return Route("public", body=body, target=target)


def resident(target: Target | None = None, body: Any = None) -> Route:
    """Residents, each for themselves."""
    return Route("resident", target=target, body=body)


def staff(
    roles: frozenset[str] | set[str], target: Target | None = None, body: Any = None, *, hidden: bool = False
) -> Route:
    """Staff with one of these roles."""
    unknown = set(roles) - ROLES.keys()
    if unknown:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    return Route("staff", frozenset(roles), target, body, hidden)
