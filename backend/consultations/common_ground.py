"""The open picture of what most groups share and what divides: made by the worker, shown at 20 participants.

A picture is made at the end of ten minutes in which somebody voted, and a second one only when at least five
different people have spoken since: two pictures laid side by side give away no single person either.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from backend import outbox
from backend.comments import queries as comments
from backend.consultations import statements
from backend.consultations.access import get_public
from backend.consultations.groups import NEEDED, SMALLEST
from backend.consultations.statement_models import CommonGround, StatementVote
from backend.kernel.clock import now
from backend.kernel.db import assert_no_transaction, db
from backend.outbox import ErrorClass

SECONDS = 90
_ROOT = Path(__file__).resolve().parents[2]
#: nothing of ours: no key and no secret reaches the child
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


@outbox.handles(statements.RECOMPUTE)
class MakePicture(outbox.Handler):
    """Reads the votes, computes in a child process with no transaction open, keeps the picture."""

    lease_seconds = SECONDS + 30

    def prepare(self, job: outbox.Job) -> Callable[[], Any] | None:
        topic_id = int(job.payload["consultation_id"])
        ground = db.session.get(CommonGround, topic_id)
        if ground is None or not ground.secret or _stirred(ground) < (SMALLEST if ground.made_at else NEEDED):
            return None
        asked = {**_asked(topic_id), "round": ground.round}
        return outbox.Call(lambda: _computed(asked))

    def complete(self, job: outbox.Job, result: Any) -> None:
        ground = db.session.get(CommonGround, int(job.payload["consultation_id"]), with_for_update=True)
        if result is None or ground is None or not ground.secret:
            return
        ground.picture, ground.made_at, ground.participants = result, now(), result["participants"]
        # Whoever spoke meanwhile is not in it and yet no longer new: the next picture waits for five others.
        ground.round = max(ground.round, result.pop("round") + 1)


# Of what has ended only the picture stays.
outbox.periodic("common_ground.forget", 86400, statements.forget_ended)


def _stirred(ground: CommonGround) -> int:
    """How many different people have spoken since the last picture."""
    new = (StatementVote.consultation_id == ground.consultation_id, StatementVote.round >= ground.round)
    return int(db.session.scalar(select(func.count(StatementVote.holder.distinct())).where(*new)) or 0)


def _asked(topic_id: int) -> dict[str, Any]:
    """The votes on what is shown, by participant, in the order of keys that name nobody."""
    ids = statements.shown_ids(topic_id)
    places = {statement_id: place for place, statement_id in enumerate(ids)}
    rows: dict[str, list[tuple[int, int]]] = {}
    found = db.session.execute(
        select(StatementVote.holder, StatementVote.statement_id, StatementVote.value)
        .where(StatementVote.consultation_id == topic_id)
        .order_by(StatementVote.holder, StatementVote.statement_id)
    )
    for holder, statement_id, value in found:
        if statement_id in places:
            rows.setdefault(holder, []).append((places[statement_id], value))
    return {"ids": [str(one) for one in ids], "statements": len(ids), "votes": list(rows.values())}


def _computed(asked: dict[str, Any]) -> dict[str, Any]:
    """The picture, from a child that ends with it: numpy and scikit-learn never stay in the worker's memory."""
    assert_no_transaction("the common ground's child process")
    given = json.dumps({"statements": asked["statements"], "votes": asked["votes"]})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "backend.consultations.groups"],
            input=given, capture_output=True, text=True, timeout=SECONDS, check=False,
            cwd=_ROOT, env=_ENVIRONMENT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise outbox.Failure(ErrorClass.TRANSIENT, f"no picture within {SECONDS} s") from late
    if done.returncode != 0:
        raise outbox.Failure(
            ErrorClass.TRANSIENT, f"the child ended with {done.returncode}: {done.stderr[-200:]}"
        )
    return {**json.loads(done.stdout), "ids": asked["ids"], "round": asked["round"]}


def public_view(topic_id: int) -> dict[str, Any]:
    """What everybody sees: how many took part, and from 20 on the groups and statements. Nobody's own position.

    Raises NotFound for a topic that is not public.
    """
    topic = get_public(topic_id)
    ground = db.session.get(CommonGround, topic.id)
    picture = ground.picture if ground is not None else None
    if ground is None or picture is None or picture["participants"] < NEEDED:
        return _waiting(topic.id)
    shown = comments.of_ids(int(one) for one in picture["ids"])
    told = [_statement(one, picture, shown) for one in picture["statements"]]
    by_index = {one["index"]: one["card"] for one in told if one["card"] is not None}
    return {
        "shown": True,
        "needed": NEEDED,
        "participants": picture["participants"],
        "grouped": picture["grouped"],
        "made_at": ground.made_at,
        "one_group": len(picture["groups"]) < 2,
        "groups": [_group(group, by_index) for group in picture["groups"]],
        "unites": [by_index[index] for index in picture["unites"] if index in by_index],
        "divides": [by_index[index] for index in picture["divides"] if index in by_index],
        "statements": list(by_index.values()),
    }


def _waiting(topic_id: int) -> dict[str, Any]:
    lists: dict[str, Any] = {name: [] for name in ("groups", "unites", "divides", "statements")}
    return {
        "shown": False,
        "needed": NEEDED,
        "participants": statements.participants(topic_id),
        "grouped": 0,
        "made_at": None,
        "one_group": True,
        **lists,
    }


def _statement(
    one: dict[str, Any], picture: dict[str, Any], shown: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    """A statement with its counts; without a card when it was hidden or withdrawn since."""
    card = shown.get(int(picture["ids"][one["index"]]))
    if card is None:
        return {"index": one["index"], "card": None}
    groups = [
        {"code": group["code"], "counts": counts}
        for group, counts in zip(picture["groups"], one["groups"], strict=True)
    ]
    made = {"id": card["id"], "text": card["text"], "all": one["all"], "groups": groups}
    return {"index": one["index"], "card": made}


def _group(group: dict[str, Any], by_index: dict[int, dict[str, Any]]) -> dict[str, Any]:
    typical = [
        {"id": by_index[one["index"]]["id"], "text": by_index[one["index"]]["text"], "says": one["says"]}
        for one in group["typical"]
        if one["index"] in by_index
    ]
    return {**group, "typical": typical}
