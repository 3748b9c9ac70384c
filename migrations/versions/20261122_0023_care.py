"""care: requests for a visit, agreements, visits

Revision: 0023
After: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("help_requests", "care_agreements", "care_visits")


def upgrade() -> None:
    """Go up."""
    _help_requests()
    _care_agreements()
    _care_visits()


def downgrade() -> None:
    """Go down: who asked for a visit goes with the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _help_requests() -> None:
    op.create_table(
        "help_requests",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("grid_id", big_id(), nullable=True),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("for_whom", long_text(), nullable=True),
        sa.Column("reason", long_text(), nullable=True),
        sa.Column("place", long_text(), nullable=True),
        sa.Column("text", long_text(), nullable=True),
        sa.Column("phone", long_text(), nullable=True),
        sa.Column("visit_note", long_text(), nullable=True),
        sa.Column("assignee_staff_id", big_id(), nullable=True),
        sa.Column("assignee_unit_id", big_id(), nullable=True),
        sa.Column("visited_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('closed', 'cancelled')) = (closed_at IS NOT NULL)",
            name=op.f("ck_help_requests_closed_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_requests")),
    )
    op.create_index("ix_help_requests_desk", "help_requests", ["town_id", "state", "created_at", "id"])
    op.create_index("ix_help_requests_ended", "help_requests", ["closed_at", "id"])
    op.create_index("ix_help_requests_resident", "help_requests", ["resident_id", "created_at", "id"])
    op.create_index("ix_help_requests_village", "help_requests", ["village_id", "state", "created_at", "id"])
    op.create_index(
        "ix_help_requests_worker", "help_requests", ["assignee_staff_id", "state", "created_at", "id"]
    )


def _care_agreements() -> None:
    op.create_table(
        "care_agreements",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("grid_id", big_id(), nullable=True),
        sa.Column("rhythm", exact(12), nullable=False),
        sa.Column("name", long_text(), nullable=True),
        sa.Column("place", long_text(), nullable=True),
        sa.Column("phone", long_text(), nullable=True),
        sa.Column("worker_id", big_id(), nullable=True),
        sa.Column("entered_by", big_id(), nullable=True),
        sa.Column("confirmed_by", big_id(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_agreements")),
    )
    op.create_index("ix_care_agreements_ended", "care_agreements", ["ended_at", "id"])
    op.create_index("ix_care_agreements_resident", "care_agreements", ["resident_id", "created_at", "id"])
    op.create_index("ix_care_agreements_state", "care_agreements", ["state", "id"])
    op.create_index("ix_care_agreements_town", "care_agreements", ["town_id", "created_at", "id"])
    op.create_index("ix_care_agreements_village", "care_agreements", ["village_id", "created_at", "id"])


def _care_visits() -> None:
    op.create_table(
        "care_visits",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("agreement_id", big_id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("worker_id", big_id(), nullable=True),
        sa.Column("note", long_text(), nullable=True),
        sa.Column("done_at", moment(), nullable=True),
        sa.Column("done_by", big_id(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["care_agreements.id"], name=op.f("fk_care_visits_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_visits")),
        sa.UniqueConstraint("agreement_id", "day", name=op.f("uq_care_visits_agreement_id_day")),
    )
    op.create_index("ix_care_visits_day", "care_visits", ["state", "day"])
    op.create_index("ix_care_visits_worker", "care_visits", ["worker_id", "state", "day"])
