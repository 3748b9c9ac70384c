"""What the petitioner adds on the way: words and files, at any time while the matter is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.kernel.actor import Actor
from backend.petitions import effects, files
from backend.petitions.effects import Taken
from backend.petitions.models import Petition


@effects.shows("supplement")
def _which(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The line of the timeline shows what came with it."""
    return {"media_ids": [str(one) for one in given["media_ids"]]} if given.get("media_ids") else {}


@effects.carries_out("supplement")
def _attach(taken: Taken) -> None:
    """Invalid for a file that is not the petitioner's own; that undoes the step."""
    wanted = [int(one) for one in taken.given.get("media_ids") or ()]
    files.attach(files.owner_of(taken.actor), wanted, taken.petition.id)
