"""objections: objections to notices, requests to publish, reminders

Revision: 0020
After: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = (
    "notice_objections",
    "notice_reports",
    "publishing_requests",
    "publishing_request_joins",
    "village_rolls",
    "notice_reminders",
    "notice_orders",
)


def upgrade() -> None:
    """Go up."""
    _notice_objections()
    _notice_reports()
    _publishing_requests()
    _publishing_request_joins()
    _village_rolls()
    _notice_reminders()
    _notice_orders()


def downgrade() -> None:
    """Go down."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _notice_objections() -> None:
    op.create_table(
        "notice_objections",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("form", exact(12), nullable=False),
        sa.Column("notice_id", big_id(), nullable=False),
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("answer", long_text(), nullable=False),
        sa.Column("answered_unit", sa.String(80), nullable=False),
        sa.Column("answered_by", big_id(), nullable=True),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("case_id", big_id(), nullable=True),
        sa.Column("escalated_at", moment(), nullable=True),
        sa.Column("town_answered_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('answered', 'satisfied', 'town_answered', 'hidden')) = (closed_at IS NOT NULL)",
            name=op.f("ck_notice_objections_closed_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_objections")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_notice_objections_comment_id")),
    )
    op.create_index("ix_notice_objections_case", "notice_objections", ["case_id"])
    op.create_index(
        "ix_notice_objections_notice", "notice_objections", ["notice_id", "shown", "created_at", "id"]
    )
    op.create_index("ix_notice_objections_resident", "notice_objections", ["resident_id", "created_at", "id"])
    op.create_index("ix_notice_objections_town", "notice_objections", ["town_id", "created_at", "id"])
    op.create_index(
        "ix_notice_objections_village", "notice_objections", ["village_id", "state", "created_at", "id"]
    )


def _notice_reports() -> None:
    op.create_table(
        "notice_reports",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("notice_id", big_id(), nullable=True),
        sa.Column("category", exact(40), nullable=False),
        sa.Column("period", exact(12), nullable=False),
        sa.Column("reason", exact(12), nullable=False),
        sa.Column("case_id", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_reports")),
    )
    op.create_index("ix_notice_reports_town", "notice_reports", ["town_id", "created_at", "id"])
    op.create_index("ix_notice_reports_village", "notice_reports", ["village_id", "category", "period"])


def _publishing_requests() -> None:
    op.create_table(
        "publishing_requests",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("category", exact(40), nullable=False),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=False),
        sa.Column("entitled_from", exact(12), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("notice_id", big_id(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("town_reason", sa.String(500), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('published', 'refusal_upheld', 'lapsed', 'withdrawn', 'hidden')) = (closed_at IS NOT NULL)",
            name=op.f("ck_publishing_requests_closed_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishing_requests")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_publishing_requests_comment_id")),
    )
    op.create_index(
        "ix_publishing_requests_resident", "publishing_requests", ["resident_id", "created_at", "id"]
    )
    op.create_index(
        "ix_publishing_requests_town", "publishing_requests", ["town_id", "shown", "created_at", "id"]
    )
    op.create_index(
        "ix_publishing_requests_village", "publishing_requests", ["village_id", "shown", "created_at", "id"]
    )


def _publishing_request_joins() -> None:
    op.create_table(
        "publishing_request_joins",
        sa.Column("request_id", big_id(), nullable=False),
        sa.Column("holder", exact(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["publishing_requests.id"], name=op.f("fk_publishing_request_joins_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "holder", name=op.f("pk_publishing_request_joins")),
    )


def _village_rolls() -> None:
    op.create_table(
        "village_rolls",
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("villagers", sa.Integer(), nullable=False),
        sa.Column("noted_by", big_id(), nullable=False),
        sa.Column("noted_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", name=op.f("pk_village_rolls")),
    )


def _notice_reminders() -> None:
    op.create_table(
        "notice_reminders",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("category", exact(40), nullable=False),
        sa.Column("period", exact(12), nullable=False),
        sa.Column("stage", exact(12), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_reminders")),
        sa.UniqueConstraint(
            "village_id",
            "category",
            "period",
            "stage",
            name=op.f("uq_notice_reminders_village_id_category_period_stage"),
        ),
    )


def _notice_orders() -> None:
    op.create_table(
        "notice_orders",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("category", exact(40), nullable=False),
        sa.Column("period", exact(12), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("ordered_by", big_id(), nullable=False),
        sa.Column("ordered_unit", sa.String(80), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_orders")),
        sa.UniqueConstraint(
            "village_id",
            "category",
            "period",
            "ordered_on",
            name=op.f("uq_notice_orders_village_id_category_period_ordered_on"),
        ),
    )
    op.create_index("ix_notice_orders_town", "notice_orders", ["town_id", "ordered_on", "id"])
