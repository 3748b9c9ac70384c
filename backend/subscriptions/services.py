"""The only writers of subscriptions; and how what is published reaches those who chose it.

A feature calls published() in the transaction in which something becomes public. The messages are made by the
worker, some hundred people a step; one person gets one message about one publication, or the day's digest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from backend.kernel.clock import SHANGHAI, now, shanghai
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.outbox import Job, enqueue, handles
from backend.outbox.services import insert_once
from backend.places import queries as places
from backend.subscriptions import ports
from backend.subscriptions.kinds import DAILY, DIGEST_HOUR, EACH, KINDS, OFF, PUBLIC, VILLAGE
from backend.subscriptions.models import ANYWHERE, Publication, PublicationDigest, PublicationSubscription
from backend.villagers.queries import villages_of

SPREAD, DIGEST = "subscriptions.spread", "subscriptions.digest"
BATCH = 300
MOST_CHOSEN = 100
#: titles in a digest; the others are counted
MOST_NAMED = 8
TITLE_MOST = 60
#: what has been public for longer is nothing new, though it changes
NEW_FOR = timedelta(days=1)
HOME_PAGE = "pages/home/index"

_S: Any = PublicationSubscription.__table__.c


def published(
    kind: str,
    town_id: int,
    village_id: int | None,
    subject_id: int,
    title: str,
    path: str,
    *,
    village_ids: Collection[int] = (),
    audience: str = PUBLIC,
) -> None:
    """Say that something became public; a second call for the same subject says nothing.

    `village_id` None (and no `village_ids`): it is the town's, for everybody. `audience` "village": told to the
    confirmed villagers of that village alone (OPEN-17). `path` is a page of the mini-program. Raises ValueError
    for a kind that nobody can subscribe to.
    """
    if kind not in KINDS:
        raise ValueError(f"nobody can subscribe to {kind!r}")
    villages = sorted({*village_ids, *([] if village_id is None else [village_id])})
    publication_id = new_id()
    row = {
        "id": publication_id,
        "kind": kind,
        "subject_id": subject_id,
        "town_id": town_id,
        "villages": [str(one) for one in villages],
        "audience": audience,
        "title": title[:120],
        "path": path,
        "published_at": now(),
    }
    known = select(Publication.id).where(Publication.kind == kind, Publication.subject_id == subject_id)
    if db.session.scalar(known) is not None:
        return
    db.session.execute(insert_once(Publication, row, "kind", "subject_id"))
    if db.session.scalar(known) == publication_id:
        _owe_spread(publication_id, 0)


def is_new(public_since: datetime) -> bool:
    """Whether something that became public then is still news: for callers that hear of every later change too."""
    return now() - public_since < NEW_FOR


def _owe_spread(publication_id: int, after: int) -> None:
    payload = {"publication_id": str(publication_id), "after": str(after)}
    enqueue(SPREAD, payload, key=f"{SPREAD}:{publication_id}:{after}")


@handles(SPREAD)
def _spread(job: Job) -> None:
    """Tell the next of those who hear of each; in the order of their ids, so that nobody is left out."""
    row = db.session.get(Publication, int(job.payload["publication_id"]))
    if row is None:
        return
    people = _choosers(row.town_id, EACH, int(job.payload["after"]))
    chosen = _of_residents(people, row.town_id, EACH)
    at_home = villages_of(people) if row.audience == VILLAGE else {}
    told = [one for one in people if _wants(chosen[one], row) and _may_know(row, one, at_home)]
    ports.tell(
        row.town_id,
        told,
        "publication",
        row.id,
        f"{KINDS[row.kind]}有新内容"[:TITLE_MOST],
        row.title,
        row.path,
    )
    if len(people) == BATCH:
        _owe_spread(row.id, people[-1])


def _choosers(town_id: int, way: str, after: int) -> list[int]:
    query = (
        select(_S.resident_id)
        .where(_S.town_id == town_id, _S.way == way, _S.resident_id > after)
        .group_by(_S.resident_id)
        .order_by(_S.resident_id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def _of_residents(people: Sequence[int], town_id: int, way: str) -> dict[int, set[tuple[str, int]]]:
    """Resident → the (kind, village) that they hear of in this way."""
    found: dict[int, set[tuple[str, int]]] = {one: set() for one in people}
    query = select(_S.resident_id, _S.kind, _S.village_id).where(
        _S.resident_id.in_(people), _S.town_id == town_id, _S.way == way
    )
    for resident_id, kind, village_id in db.session.execute(query):
        found[resident_id].add((kind, village_id))
    return found


def _wants(chosen: Collection[tuple[str, int]], row: Publication) -> bool:
    """Who chose the whole town hears of all; who chose a village hears of it, and of what is the town's."""
    villages = {int(one) for one in row.villages}
    return any(kind == row.kind and (not villages or v == ANYWHERE or v in villages) for kind, v in chosen)


def _may_know(row: Publication, resident_id: int, at_home: Mapping[int, int]) -> bool:
    return row.audience != VILLAGE or str(at_home.get(resident_id)) in row.villages


def make_digests() -> None:
    """Owe each town's digest of the last 18:00 in Shanghai that has passed; made up for when nobody worked then."""
    moment = now()
    day = shanghai(moment).date()
    if moment < _closes(day):
        day -= timedelta(days=1)
    for town in places.towns():
        newest = db.session.scalars(
            select(PublicationDigest)
            .where(PublicationDigest.town_id == town.id)
            .order_by(PublicationDigest.day.desc())
            .limit(1)
        ).first()
        if newest is not None and newest.day >= day:
            continue
        digest_id = new_id()
        since = newest.until if newest is not None else _closes(day - timedelta(days=1))
        row = {"id": digest_id, "town_id": town.id, "day": day, "since": since, "until": _closes(day)}
        db.session.execute(insert_once(PublicationDigest, row, "town_id", "day"))
        _owe_digest(digest_id, 0)


def _closes(day: date) -> datetime:
    return datetime.combine(day, time(DIGEST_HOUR), SHANGHAI)


def _owe_digest(digest_id: int, after: int) -> None:
    payload = {"digest_id": str(digest_id), "after": str(after)}
    enqueue(DIGEST, payload, key=f"{DIGEST}:{digest_id}:{after}")


@handles(DIGEST)
def _digest(job: Job) -> None:
    """One message to each of the next of those who chose the digest, if there is anything for them."""
    digest = db.session.get(PublicationDigest, int(job.payload["digest_id"]))
    if digest is None:
        return
    rows = _between(digest)
    if not rows:
        return
    people = _choosers(digest.town_id, DAILY, int(job.payload["after"]))
    chosen, each = _of_residents(people, digest.town_id, DAILY), _of_residents(people, digest.town_id, EACH)
    at_home = villages_of(people) if any(row.audience == VILLAGE for row in rows) else {}
    for resident_id in people:
        # What somebody hears of at once is not said again in the evening.
        wanted = [
            row
            for row in rows
            if _wants(chosen[resident_id], row)
            and not _wants(each[resident_id], row)
            and _may_know(row, resident_id, at_home)
        ]
        if wanted:
            title, text = _digest_words(digest.day, wanted)
            page = wanted[0].path if len(wanted) == 1 else HOME_PAGE
            ports.tell(digest.town_id, [resident_id], "digest", digest.id, title, text, page)
    if len(people) == BATCH:
        _owe_digest(digest.id, people[-1])


def _between(digest: PublicationDigest) -> list[Publication]:
    query = select(Publication).where(
        Publication.town_id == digest.town_id,
        Publication.published_at > digest.since,
        Publication.published_at <= digest.until,
    )
    return list(db.session.scalars(query.order_by(Publication.published_at.desc(), Publication.id.desc())))


def _digest_words(day: date, rows: Sequence[Publication]) -> tuple[str, str]:
    named = "；".join(f"{KINDS[row.kind]}：{row.title}" for row in rows[:MOST_NAMED])
    more = f"；另有 {len(rows) - MOST_NAMED} 条" if len(rows) > MOST_NAMED else ""
    return f"{day.month} 月 {day.day} 日新公开 {len(rows)} 条", f"{named}{more}。"


def choose(resident_id: int, town_id: int, items: Sequence[Mapping[str, Any]]) -> None:
    """Put a resident's choices for a town in the place of what was there. `way` off: nothing is kept.

    Raises Invalid for a village of another town.
    """
    wanted = {(one["kind"], one["village_id"] or ANYWHERE): one["way"] for one in items if one["way"] != OFF}
    villages = {village for _, village in wanted if village != ANYWHERE}
    known = {place.id for place in places.children(town_id, "village")} if villages else set()
    if villages - known:
        raise Invalid("village_unknown", "有村不属于这个镇，请重新选择。", fields={"items": ["村不对"]})
    db.session.execute(
        delete(PublicationSubscription).where(_S.resident_id == resident_id, _S.town_id == town_id)
    )
    for (kind, village_id), way in wanted.items():
        db.session.add(
            PublicationSubscription(
                id=new_id(),
                resident_id=resident_id,
                town_id=town_id,
                kind=kind,
                village_id=village_id,
                way=way,
                created_at=now(),
            )
        )
    db.session.flush()


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: what either chose stays; where both chose, the kept one's word counts."""
    taken = {(row.town_id, row.kind, row.village_id) for row in db.session.scalars(_of(kept_id))}
    for row in list(db.session.scalars(_of(gone_id))):
        if (row.town_id, row.kind, row.village_id) in taken:
            db.session.delete(row)
        else:
            row.resident_id = kept_id
    db.session.flush()


def _of(resident_id: int) -> Any:
    return select(PublicationSubscription).where(PublicationSubscription.resident_id == resident_id)
