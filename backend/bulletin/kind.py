"""An article as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.bulletin import access, policy
from backend.bulletin.models import Article
from backend.bulletin.states import ARTICLE_TABLE
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Field


def register_bulletin() -> None:
    """Make articles known; called once by the composition root."""
    register(
        Kind(
            table=ARTICLE_TABLE,
            may=policy.may_take,
            demands=_as_the_table_says,
            limit=lambda article, clock: None,
            load=access.load_article,
            main_clock="",
        )
    )


def _as_the_table_says(article: Article, edge: Edge) -> tuple[Field, ...]:
    return edge.fields
