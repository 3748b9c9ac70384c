"""What every operation may answer besides what its view says: the refusals, declared in one place.

They follow from the address and the method, so that no route has to repeat them. 500 stands
nowhere: it is a fault of ours, and a client is not to reckon with it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from apispec import BasePlugin

READING = frozenset({"get", "head", "options"})
GUARDED = ("/api/v1/resident/", "/api/v1/staff/")
LOGIN = "/session"
#: any call may come too often, or while something that we depend on is away
ANY = ("429", "503")
LOGGED_IN = ("401", "403")
WRITING = ("400", "403", "404", "409", "413", "415", "422")


def said(schema: Any, mimetype: str = "application/json", words: str = "OK") -> dict[str, Any]:
    """A 200 that a view writes by hand, with the schema it keeps to: for `Blueprint.doc(responses=...)`."""
    return {"200": {"description": words, "content": {mimetype: {"schema": schema}}}}


class Refusals(BasePlugin):
    """Adds the refusals to each operation, as the error shape; a view's own words stand before them."""

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any
    ) -> None:
        """Called by apispec for each address of the document."""
        for method, operation in (operations or {}).items():
            said = operation.setdefault("responses", {})
            known = {str(getattr(status, "value", status)) for status in said}
            for status in refusals(path or "", method, bool(operation.get("parameters"))):
                if status not in known:
                    said[status] = HTTPStatus(int(status)).name  # smorest has each in our error shape


def refusals(path: str, method: str, has_parameters: bool) -> list[str]:
    """The statuses that an operation may refuse with, sorted."""
    found = set(ANY)
    if path.startswith(GUARDED) or LOGIN in path:
        found |= set(LOGGED_IN)
    if method.lower() not in READING:
        found |= set(WRITING)
    elif has_parameters or "{" in path:
        found |= {"404", "422"}
    return sorted(found)
