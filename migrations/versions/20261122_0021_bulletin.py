"""bulletin: articles, series, audio, subscriptions, volumes

Revision: 0021
After: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = (
    "article_series", "articles", "article_villages", "article_files", "article_volumes",
    "publication_subscriptions", "publications", "publication_digests",
)  # fmt: skip


def upgrade() -> None:
    """Go up."""
    _articles()
    _files()
    _subscriptions()


def _articles() -> None:
    op.create_table(
        "article_series",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("code", exact(32), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_series")),
        sa.UniqueConstraint("town_id", "code", name=op.f("uq_article_series_town_id_code")),
    )
    op.create_table(
        "articles",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("code", exact(12), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("series_id", big_id(), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("summary", sa.String(200), nullable=False),
        sa.Column("html", long_text(), nullable=False),
        sa.Column("link", sa.String(500), nullable=False),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("written_by", big_id(), nullable=False),
        sa.Column("publish_at", moment(), nullable=True),
        sa.Column("published_at", moment(), nullable=True),
        sa.Column("notes", long_text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('published', 'withdrawn', 'discarded')) = (closed_at IS NOT NULL)",
            name=op.f("ck_articles_closed_has_date"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_articles_published_has_date")
        ),
        sa.CheckConstraint(
            "state <> 'scheduled' OR publish_at IS NOT NULL", name=op.f("ck_articles_scheduled_has_time")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["article_series.id"], name=op.f("fk_articles_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("code", name=op.f("uq_articles_code")),
    )
    op.create_index("ix_articles_desk", "articles", ["town_id", "created_at", "id"])
    op.create_index("ix_articles_newest", "articles", ["town_id", "state", "published_at", "id"])
    op.create_index("ix_articles_series", "articles", ["town_id", "state", "series_id", "published_at", "id"])
    op.create_table(
        "article_villages",
        sa.Column("article_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_villages_article_id")),
        sa.PrimaryKeyConstraint("article_id", "village_id", name=op.f("pk_article_villages")),
    )
    op.create_index("ix_article_villages_village", "article_villages", ["village_id", "article_id"])


def _files() -> None:
    op.create_table(
        "article_files",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("article_id", big_id(), nullable=False),
        sa.Column("role", exact(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("media_type", exact(40), nullable=False),
        sa.Column("file_key", exact(120), nullable=False),
        sa.Column("thumb_key", exact(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("sha256", exact(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.CheckConstraint("role in ('cover','photo','audio')", name=op.f("ck_article_files_role_known")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_files_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_files")),
    )
    op.create_index("ix_article_files_article", "article_files", ["article_id", "position", "id"])
    op.create_index("ix_article_files_key", "article_files", ["file_key"])
    op.create_table(
        "article_volumes",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", exact(120), nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("asked_by", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','ready','failed')", name=op.f("ck_article_volumes_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_volumes")),
    )
    op.create_index("ix_article_volumes_town", "article_volumes", ["town_id", "year", "id"])


def _subscriptions() -> None:
    op.create_table(
        "publication_subscriptions",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("kind", exact(16), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("way", exact(8), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.CheckConstraint("way in ('each','daily')", name=op.f("ck_publication_subscriptions_way_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_subscriptions")),
        sa.UniqueConstraint(
            "resident_id",
            "town_id",
            "kind",
            "village_id",
            name=op.f("uq_publication_subscriptions_resident_id"),
        ),
    )
    op.create_index(
        "ix_publication_subscriptions_spread", "publication_subscriptions", ["town_id", "way", "resident_id"]
    )
    op.create_table(
        "publications",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(16), nullable=False),
        sa.Column("subject_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("villages", long_text(), nullable=False),
        sa.Column("audience", exact(8), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("published_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_publications_kind_subject_id")),
    )
    op.create_index("ix_publications_digest", "publications", ["town_id", "published_at", "id"])
    op.create_table(
        "publication_digests",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", moment(), nullable=False),
        sa.Column("until", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_digests")),
        sa.UniqueConstraint("town_id", "day", name=op.f("uq_publication_digests_town_id_day")),
    )


def downgrade() -> None:
    """Go down."""
    for table in reversed(TABLES):
        op.drop_table(table)
