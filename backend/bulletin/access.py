"""The only ways to an article: they check the person and say 404 otherwise."""

from __future__ import annotations

from sqlalchemy import select

from backend.bulletin import policy
from backend.bulletin.models import Article
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound

MISSING = NotFound("article_not_found", "没有找到这篇文章，可能已经撤下，或者链接写错了。")


def get_article_for(viewer: Actor, article_id: int, *, lock: bool = False) -> Article:
    """The article, if the viewer writes for its town. Missing and forbidden look alike: NotFound."""
    article = load_article(article_id) if lock else db.session.get(Article, article_id)
    if article is None or not policy.may_write(article, viewer):
        raise MISSING
    return article


def load_article(article_id: int) -> Article | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(Article)
        .where(Article.id == article_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
