"""The people and the case that the matrix is tried on, and one call of a route by one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from tests.factories import reports
from tests.factories.identity import Caller, desk, resident, visitor
from tests.support.permissions.route import Route, Values

#: Who stands for a role where the scene's case lies (V01, G01, 城管所).
IN_SCOPE = {
    "dispatcher": "fenliu",
    "checker": "hecha",
    "leader": "lingdao",
    "village_head": "cunzhang1",
    "department_clerk": "chengguan",
    "grid_worker": "wangge1",
    "administrator": "guanli",
    "petition_clerk": "xinfang",
    "vault_reader": "jianju",
    "village_clerk": "wenshu1",
    "village_supervisor": "jiandu1",
    "village_secretary": "shuji1",
}
#: The same role in the next village, another unit, or the other town.
OUT_OF_SCOPE = {
    "dispatcher": "xfenliu",
    "checker": "xhecha",
    "village_head": "cunzhang2",
    "department_clerk": "chengguan2",
    "grid_worker": "wangge2",
    "administrator": "xguanli",
    "petition_clerk": "xxinfang",
    "vault_reader": "xjianju",
    "village_clerk": "wenshu2",
    "village_supervisor": "jiandu2",
    "village_secretary": "shuji2",
}
#: The same role in the other town.
OTHER_TOWN = {
    "dispatcher": "xfenliu",
    "checker": "xhecha",
    "administrator": "xguanli",
    "petition_clerk": "xxinfang",
    "vault_reader": "xjianju",
}
NOBODYS = "999"


class Scene:
    """One case of 东湾镇 with its people; calls a route as somebody."""

    def __init__(self, app: Flask, routes: Mapping[str, Route]) -> None:
        self.app, self.routes = app, routes
        self.report = reports.in_state(app, "handling")

    def desk(self, role: str, of: dict[str, str] = IN_SCOPE) -> Caller:
        """Whoever stands for that role."""
        return desk(self.app, of[role])

    def resident(self, person: str = "li") -> Caller:
        """A resident who did not bring the scene's case."""
        return resident(self.app, person)

    def visitor(self) -> Caller:
        """Somebody who is not logged in."""
        return visitor(self.app)

    def values(self, name: str, caller: Caller) -> dict[str, str]:
        """The route's parameters, so that they name what the route is about."""
        target = self.routes[name].target
        found: Values = {}
        if target is not None and target.make is not None:
            found = target.make(self, caller)
        elif target is not None:
            action = "note" if "/staff/" in name else "supplement"
            found = {"case_id": self.report.id, "code": self.report.code, "action": action}
        if isinstance(found, str):
            found = dict.fromkeys(parameters_of(name), found)
        return {parameter: str(found[parameter]) for parameter in parameters_of(name)}

    def call(self, caller: Caller, name: str, values: dict[str, str] | None = None) -> int:
        """The status that `caller` gets; `values` are the parameters, NOBODYS for those left out."""
        method, _, rule = name.partition(" ")
        path = rule.removeprefix("/api/v1")
        for parameter in parameters_of(name):
            path = path.replace(f"<{parameter}>", (values or {}).get(parameter, NOBODYS))
        options: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": self._body(name)}
        return int(caller.call(method, path, key="matrix-1", **options).status_code)

    def _body(self, name: str) -> Any:
        body = self.routes[name].body
        if body is None:
            return {}
        if isinstance(body, dict) and "version" in body:
            seen: Any = self.report.resident.get(f"/resident/reports/{self.report.id}").json
            return body | {"version": seen["version"]}
        return body


def parameters_of(name: str) -> list[str]:
    """The names of a route's parameters: `/cases/<case_id>` has case_id."""
    return [
        part.partition(">")[0].partition(":")[2] or part.partition(">")[0] for part in name.split("<")[1:]
    ]
