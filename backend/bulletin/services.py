"""The only writers of articles and series: drafted, published at once or at their time, withdrawn with a note."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from backend import audit
from backend.bulletin import links, policy
from backend.bulletin.access import get_article_for, load_article
from backend.bulletin.clean_html import clean, text_of
from backend.bulletin.models import EVERYWHERE, Article, ArticleFile, ArticleSeries, ArticleVillage
from backend.bulletin.shown import changed, told
from backend.bulletin.states import DRAFTED, PUBLISHED, SCHEDULED
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, shanghai
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_code, new_id
from backend.outbox import Job, enqueue, handles
from backend.places import queries as places
from backend.workflow import engine
from backend.workflow.chain import START

SUBJECT = "article"
PUBLISH = "articles.publish"
WRITTEN = ("title", "summary", "html", "link")


def draft(actor: Actor, given: Mapping[str, Any]) -> Article:
    """A new article that nobody sees yet. Raises Forbidden, Invalid."""
    moment = now()
    article = Article(
        id=new_id(),
        kind=SUBJECT,
        code=new_code(),
        town_id=policy.town_of(actor),
        summary="",
        html="",
        link="",
        chain_head=START,
        written_by=actor.id,
        notes=[],
        created_at=moment,
        updated_at=moment,
    )
    _fill(article, given)
    engine.begin(article, actor, action="draft")
    db.session.add(article)
    db.session.flush()
    _set_villages(article, given.get("villages", ()))
    audit.record(actor, "article.draft", SUBJECT, article.id, {"name": article.title})
    return article


def save(actor: Actor, article_id: int, version: int, given: Mapping[str, Any]) -> Article:
    """Change a draft. Raises NotFound, Conflict (changed meanwhile, or no draft any more), Invalid."""
    article = writable(actor, article_id)
    if article.version != version:
        raise Conflict(
            "changed_meanwhile",
            "这篇文章刚刚被别人改过。请看一眼再保存，您填写的内容还在。",
            details={"current_version": article.version},
        )
    _fill(article, given)
    if "villages" in given:
        _set_villages(article, given["villages"])
    written(article)
    audit.record(actor, "article.save", SUBJECT, article.id, {"what": sorted(given)})
    db.session.flush()
    return article


def writable(actor: Actor, article_id: int) -> Article:
    """The article, locked, if it may be written in now. Raises NotFound, Conflict."""
    article = get_article_for(actor, article_id, lock=True)
    if article.state != DRAFTED:
        sentence = "只有草稿可以改：定时发布的请先取消定时，已发布的请先撤下再修改。"
        raise Conflict("not_a_draft", sentence, details={"state": article.state})
    return article


def written(article: Article) -> None:
    """Note that somebody has written in it."""
    article.version += 1
    article.updated_at = now()


def _fill(article: Article, given: Mapping[str, Any]) -> None:
    if "series_id" in given:
        article.series_id = _series_for(article.town_id, given["series_id"]).id
    for name in ("title", "summary"):
        if name in given:
            setattr(article, name, given[name])
    if "html" in given:
        article.html = clean(given["html"])
    if "link" in given:
        article.link = links.checked(given["link"])
    if "publish_at" in given:
        article.publish_at = given["publish_at"]


def _series_for(town_id: int, series_id: int) -> ArticleSeries:
    row = db.session.get(ArticleSeries, series_id)
    if row is None or row.town_id != town_id or not row.active:
        raise Invalid("series_unknown", "请选择一个栏目。", fields={"series_id": ["请选择一个栏目"]})
    return row


def _set_villages(article: Article, villages: Collection[int]) -> None:
    wanted = set(villages)
    known = {place.id for place in places.children(article.town_id, "village")} if wanted else set()
    if wanted - known:
        raise Invalid("village_unknown", "有村不属于这个镇，请重新选择。", fields={"villages": ["村不对"]})
    db.session.execute(delete(ArticleVillage).where(ArticleVillage.article_id == article.id))
    for village_id in sorted(wanted) or [EVERYWHERE]:
        db.session.add(ArticleVillage(article_id=article.id, village_id=village_id))
    db.session.flush()


def act(actor: Actor, article_id: int, action: str, version: int, given: Mapping[str, Any]) -> Article:
    """Take an action; the engine checks version, edge, policy and demands.

    Raises NotFound, Conflict, Forbidden, Invalid; nothing is kept then.
    """
    article = get_article_for(actor, article_id, lock=True)
    engine.just_locked(article)
    note = {"note": given["note"]} if given.get("note") else {}
    if action == "schedule" and article.state == DRAFTED:
        article.publish_at = _time_to_come(given.get("publish_at") or article.publish_at)
    _take(article, action, actor, version, note)
    return article


def _take(article: Article, action: str, actor: Actor, version: int | None, given: Mapping[str, Any]) -> None:
    first = article.published_at is None
    if action in {"publish", "publish_due", "schedule"} and article.state in {DRAFTED, SCHEDULED}:
        demand_ready(article)
    if action in {"publish", "publish_due"} and first:
        # Before the state: a row that is published has its date in every statement.
        article.published_at = now()
    taken = engine.perform(article, action, actor, version=version, given=given)
    if article.state == SCHEDULED and article.publish_at is not None:
        owe_publication(article.id, article.publish_at)
    if action == "withdraw":
        _note(article, taken.at, f"撤下：{taken.note}")
    elif article.state == PUBLISHED and not first:
        _note(article, taken.at, "修改后重新发布。")
    article.updated_at = taken.at
    db.session.flush()
    if taken.visibility == "all":
        changed(article)
    if article.state == PUBLISHED:
        told(article)


def _note(article: Article, at: datetime, text: str) -> None:
    article.notes = [*article.notes, {"on": shanghai(at).date().isoformat(), "text": text}]


def _time_to_come(at: datetime | None) -> datetime:
    if at is None or at <= now():
        sentence = "请选择一个以后的发布时间。"
        raise Invalid("publish_at_over", sentence, fields={"publish_at": [sentence]})
    return at


def demand_ready(article: Article) -> None:
    """Invalid unless there is something to read, to hear or to open."""
    if text_of(article.html) or article.link or files_of(article.id):
        return
    sentence = "还没有内容：写正文、放照片或录音，或者填公众号文章的链接。"
    raise Invalid("article_empty", sentence, fields={"html": [sentence]})


def owe_publication(article_id: int, at: datetime) -> None:
    """A timer that publishes it at `at` (aware), if it is still scheduled for then."""
    key = f"{PUBLISH}:{article_id}:{int(at.timestamp())}"
    enqueue(PUBLISH, {"article_id": str(article_id)}, key=f"{key}:{new_id()}", not_before=at)


@handles(PUBLISH)
def _publish_due(job: Job) -> None:
    """It is time; one that was put off or taken back meanwhile is left alone."""
    article = load_article(int(job.payload["article_id"]))
    if article is None or article.state != SCHEDULED or article.publish_at is None:
        return
    if article.publish_at <= now():
        engine.just_locked(article)
        _take(article, "publish_due", SYSTEM, None, {})


def files_of(article_id: int) -> list[ArticleFile]:
    """The photos and recordings of an article, in their order."""
    query = select(ArticleFile).where(ArticleFile.article_id == article_id)
    return list(db.session.scalars(query.order_by(ArticleFile.position, ArticleFile.id)))
