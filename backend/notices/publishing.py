"""The moment of publication, and what follows from it: hash, number, lists, search, the people who chose to hear.

What is written here is written once: no other code writes these columns of a notice (docs/adr/0018, OPEN-05).
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from backend.finance import services as finance
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.page_numbers import bump
from backend.notices import categories, finance_sheets, watch_rules
from backend.notices.access import load_notice
from backend.notices.categories import PUBLIC
from backend.notices.file_queries import files_of
from backend.notices.models import Notice
from backend.notices.signing import signatures
from backend.notices.states import STANDS
from backend.search import services as search
from backend.subscriptions.services import published

SEARCH_KIND = "notice"
PAGE = "pages-open/notice/index?id={id}"


def surrogate(town_id: int) -> str:
    """The name under which kept pages of a town's notices stand (kernel/page_numbers.py)."""
    return f"notices:{town_id}"


def make_ready(notice: Notice, actor: Actor) -> None:
    """Write what a published row has in every statement: day, number, how late it is, its text and hash."""
    town = categories.of_town(notice.town_id)
    notice.number = 1 if notice.corrects_id is None else _next_number(notice.corrects_id)
    notice.published_at, notice.published_on = now(), today()
    notice.shown_until = today() + timedelta(days=town.display_days)
    notice.days_late = _days_late(notice)
    if notice.corrects_id is None:
        notice.listed = notice.audience
    notice.canonical = canonical(notice, publisher=actor.name)
    notice.hash = hashlib.sha256(notice.canonical.encode()).hexdigest()


def _next_number(corrects_id: int) -> int:
    load_notice(corrects_id)  # two supplements are numbered one after the other
    highest = db.session.scalar(select(func.max(Notice.number)).where(Notice.corrects_id == corrects_id))
    return (highest or 1) + 1


def _days_late(notice: Notice) -> int:
    """Days after the day by which its period was to be published (OPEN-04); 0 in time, and of supplements."""
    category = categories.of_town(notice.town_id).categories.get(notice.category)
    if category is None or notice.corrects_id is not None or not notice.period:
        return 0
    period = watch_rules.period_of(category.frequency, notice.period)
    return 0 if period is None else watch_rules.days_late(period.due_on, today())


def canonical(notice: Notice, publisher: str) -> str:
    """Everything that is published of a version: keys sorted, no blanks, UTF-8. Its SHA-256 is the hash."""
    sheet = finance_sheets.of(notice.sheet_id)
    said: dict[str, Any] = {
        "attachments": [{"name": one.name, "sha256": one.sha256} for one in files_of(notice.id)],
        "audience": notice.audience,
        "before": _hash_before(notice),
        "body": notice.body,
        "category": notice.category,
        "chain": [
            {"step": one.step, "name": one.name, "on": one.signed_on.isoformat(), "opinion": one.opinion}
            for one in signatures(notice.id, notice.round)
        ],
        "number": notice.number,
        "period": notice.period,
        "published_by": publisher,
        "published_on": today().isoformat(),
        "reason": notice.reason,
        "sheet": sheet.digest if sheet is not None else "",
        "title": notice.title,
        "town_id": str(notice.town_id),
        "village_id": str(notice.village_id or ""),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash_before(notice: Notice) -> str:
    """The hash of the version before: the versions of a notice are tied to each other."""
    return versions(notice.corrects_id)[-1].hash if notice.corrects_id is not None else ""


def versions(notice_id: int) -> list[Notice]:
    """A published notice and its published supplements, in their order."""
    query = select(Notice).where(
        (Notice.id == notice_id) | (Notice.corrects_id == notice_id), Notice.state.in_(STANDS)
    )
    return list(db.session.scalars(query.order_by(Notice.number)))


def stands(notice: Notice) -> None:
    """It has just been published: shown, found, told, in the same transaction."""
    if notice.sheet_id is not None and notice.audience == PUBLIC:
        finance.show(notice.sheet_id)
    origin = notice
    if notice.corrects_id is not None:
        held = load_notice(notice.corrects_id)
        assert held is not None  # a foreign key holds it
        origin = held
        origin.supplements += 1
    changed(origin)
    if origin is notice:
        published(
            "notice",
            notice.town_id,
            notice.village_id,
            notice.id,
            notice.title,
            PAGE.format(id=notice.id),
            audience=notice.audience,
        )


def changed(notice: Notice) -> None:
    """Kept pages fall; what everybody may read is found by its words, what is for a village never (OPEN-17)."""
    bump(surrogate(notice.town_id))
    if notice.corrects_id is not None or notice.audience != PUBLIC or notice.published_at is None:
        return
    label = categories.of_town(notice.town_id).categories.get(notice.category)
    texts = [one.body for one in versions(notice.id)]
    search.index(
        SEARCH_KIND,
        notice.id,
        town_id=notice.town_id,
        village_id=notice.village_id,
        title=notice.title,
        text="\n".join([*texts, label.label if label is not None else "", notice.period]),
        at=notice.published_at,
    )
