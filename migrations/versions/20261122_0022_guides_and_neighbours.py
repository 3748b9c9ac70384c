"""guides_and_neighbours: 办事指南, 便民电话, 邻里互助

Revision: 0022
After: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("guides", "phone_entries", "neighbour_posts", "neighbour_threads", "neighbour_messages")


def upgrade() -> None:
    """Go up."""
    _guides()
    _phone_entries()
    _neighbour_posts()
    _neighbour_threads()
    _neighbour_messages()


def downgrade() -> None:
    """Go down: what the town and neighbours wrote goes with the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _guides() -> None:
    op.create_table(
        "guides",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("group_name", sa.String(20), nullable=False),
        sa.Column("who", sa.String(300), nullable=False),
        sa.Column("materials", long_text(), nullable=False),
        sa.Column("steps", long_text(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("hours", sa.String(120), nullable=False),
        sa.Column("phones", long_text(), nullable=False),
        sa.Column("takes", sa.String(60), nullable=False),
        sa.Column("fee", sa.String(120), nullable=False),
        sa.Column("basis", long_text(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("updated_by", big_id(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guides")),
    )
    op.create_index("ix_guides_desk", "guides", ["town_id", "updated_at", "id"])
    op.create_index("ix_guides_public", "guides", ["town_id", "state", "updated_at", "id"])


def _phone_entries() -> None:
    op.create_table(
        "phone_entries",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(20), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("phone", exact(20), nullable=False),
        sa.Column("hours", sa.String(60), nullable=False),
        sa.Column("note", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_entries")),
    )
    op.create_index("ix_phone_entries_order", "phone_entries", ["town_id", "position", "id"])


def _neighbour_posts() -> None:
    op.create_table(
        "neighbour_posts",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("direction", exact(12), nullable=False),
        sa.Column("category", exact(12), nullable=False),
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("renewed", sa.Boolean(), nullable=False),
        sa.Column("shown_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('closed', 'expired', 'taken_down', 'withdrawn')) = (closed_at IS NOT NULL)",
            name=op.f("ck_neighbour_posts_closed_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_posts")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_neighbour_posts_comment_id")),
    )
    op.create_index("ix_neighbour_posts_desk", "neighbour_posts", ["town_id", "created_at", "id"])
    op.create_index("ix_neighbour_posts_ended", "neighbour_posts", ["closed_at", "id"])
    op.create_index("ix_neighbour_posts_expiry", "neighbour_posts", ["state", "expires_on"])
    op.create_index("ix_neighbour_posts_public", "neighbour_posts", ["town_id", "state", "shown_at", "id"])
    op.create_index("ix_neighbour_posts_resident", "neighbour_posts", ["resident_id", "created_at", "id"])
    op.create_index(
        "ix_neighbour_posts_village", "neighbour_posts", ["village_id", "state", "shown_at", "id"]
    )


def _neighbour_threads() -> None:
    op.create_table(
        "neighbour_threads",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("post_id", big_id(), nullable=False),
        sa.Column("owner_id", big_id(), nullable=False),
        sa.Column("asker_id", big_id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_agreed", sa.Boolean(), nullable=False),
        sa.Column("asker_agreed", sa.Boolean(), nullable=False),
        sa.Column("owner_read_at", moment(), nullable=True),
        sa.Column("asker_read_at", moment(), nullable=True),
        sa.Column("ended_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("last_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["neighbour_posts.id"], name=op.f("fk_neighbour_threads_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_threads")),
        sa.UniqueConstraint("post_id", "asker_id", name=op.f("uq_neighbour_threads_post_id_asker_id")),
    )
    op.create_index("ix_neighbour_threads_asker", "neighbour_threads", ["asker_id", "last_at", "id"])
    op.create_index("ix_neighbour_threads_owner", "neighbour_threads", ["owner_id", "last_at", "id"])


def _neighbour_messages() -> None:
    op.create_table(
        "neighbour_messages",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("thread_id", big_id(), nullable=False),
        sa.Column("by_owner", sa.Boolean(), nullable=False),
        sa.Column("text", long_text(), nullable=False),
        sa.Column("sent_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["neighbour_threads.id"], name=op.f("fk_neighbour_messages_thread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_messages")),
    )
    op.create_index("ix_neighbour_messages_thread", "neighbour_messages", ["thread_id", "sent_at", "id"])
