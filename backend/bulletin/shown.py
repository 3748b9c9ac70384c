"""What follows when the public sees something else: found by words or no longer, kept pages fall, people are told."""

from __future__ import annotations

from sqlalchemy import select

from backend.bulletin.clean_html import text_of
from backend.bulletin.models import EVERYWHERE, Article, ArticleVillage
from backend.bulletin.states import PUBLISHED
from backend.kernel.db import db
from backend.kernel.page_numbers import bump
from backend.search import services as search
from backend.subscriptions.services import published

SEARCH_KIND = "article"
PAGE = "pages-town/article/index?id={id}"


def surrogate(town_id: int) -> str:
    """The name that stands for everything public of a town's bulletin (kernel/page_numbers.py)."""
    return f"bulletin:{town_id}"


def villages_of(article_id: int) -> list[int]:
    """For which villages it is; none: for all."""
    query = select(ArticleVillage.village_id).where(ArticleVillage.article_id == article_id)
    return sorted(one for one in db.session.scalars(query) if one != EVERYWHERE)


def changed(article: Article) -> None:
    """In the transaction of the change: what is published can be found, nothing else can."""
    bump(surrogate(article.town_id))
    if article.state != PUBLISHED or article.published_at is None:
        search.forget(SEARCH_KIND, article.id)
        return
    villages = villages_of(article.id)
    search.index(
        SEARCH_KIND,
        article.id,
        town_id=article.town_id,
        village_id=villages[0] if len(villages) == 1 else None,
        title=article.title,
        text=f"{article.summary}\n{text_of(article.html)}",
        at=article.published_at,
    )


def told(article: Article) -> None:
    """Tell those who chose it, once for each article."""
    published(
        "article",
        article.town_id,
        None,
        article.id,
        article.title,
        PAGE.format(id=article.id),
        village_ids=villages_of(article.id),
    )
