"""side ways

Revision: 0002
After: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENDED = "(state IN ('closed', 'not_accepted', 'withdrawn', 'merged')) = (closed_at IS NOT NULL)"
ENDED_BEFORE = "(state = 'closed') = (closed_at IS NOT NULL)"
INDEXES = {
    "ix_cases_merged_into": ["merged_into"],
    "ix_cases_supervised": ["town_id", "supervision_open", "created_at", "id"],
    "ix_cases_registered": ["registered_by", "created_at", "id"],
    "ix_cases_pending": ["town_id", "pending_request", "created_at", "id"],
}


def _case_columns() -> list[sa.Column[object]]:
    """What the old code does not write has a value of its own."""
    no = {"nullable": False, "server_default": sa.text("0")}
    return [
        sa.Column("return_count", sa.Integer(), **no),
        sa.Column("returned_units", long_text(), nullable=False, server_default=sa.text("('[]')")),
        sa.Column("extension_count", sa.Integer(), **no),
        sa.Column("suspension_count", sa.Integer(), **no),
        sa.Column("contested", sa.Boolean(), **no),
        sa.Column("pending_request", exact(16), nullable=False, server_default=""),
        sa.Column("pending_by", big_id(), nullable=True),
        sa.Column("pending_until", sa.Date(), nullable=True),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("merged_into", big_id(), nullable=True),
        sa.Column("supervision_open", sa.Boolean(), **no),
        sa.Column("supervision_count", sa.Integer(), **no),
        sa.Column("open_tasks", sa.Integer(), **no),
        sa.Column("upstream_body", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("upstream_number", exact(64), nullable=True),
        sa.Column("upstream_due_on", sa.Date(), nullable=True),
        sa.Column("registered_by", big_id(), nullable=True),
        sa.Column("confidential", sa.Boolean(), **no),
    ]


def _category_columns() -> list[sa.Column[object]]:
    no = {"nullable": False, "server_default": sa.text("0")}
    return [
        sa.Column("before_photo", sa.Boolean(), **no),
        sa.Column("before_photo_reason", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("self_settle", sa.Boolean(), **no),
    ]


def _supervisions() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("case_id", big_id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("cause", exact(24), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("note", long_text(), nullable=True),
        sa.Column("raised_by", big_id(), nullable=True),
        sa.Column("raised_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("answer", long_text(), nullable=True),
        sa.Column("answered_by", big_id(), nullable=True),
        sa.Column("ended_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_supervisions_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_supervisions"),
        sa.UniqueConstraint("case_id", "number", name="uq_supervisions_case_id_number"),
    )
    op.create_index("ix_supervisions_list", "supervisions", ["town_id", "state", "raised_at", "id"])


def _call_backs() -> None:
    op.create_table(
        "call_backs",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("case_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("reason", exact(16), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("owed_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("way", exact(16), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", exact(16), nullable=False),
        sa.Column("note", long_text(), nullable=True),
        sa.Column("done_by", big_id(), nullable=True),
        sa.Column("done_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_call_backs_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_call_backs"),
    )
    op.create_index("ix_call_backs_case", "call_backs", ["case_id"])
    op.create_index("ix_call_backs_list", "call_backs", ["town_id", "state", "due_at", "id"])


def _child_tasks() -> None:
    op.create_table(
        "child_tasks",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("case_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("grid_id", big_id(), nullable=True),
        sa.Column("micro_grid_id", big_id(), nullable=True),
        sa.Column("text", long_text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("assignee_unit_id", big_id(), nullable=False),
        sa.Column("assignee_unit_name", sa.String(length=80), nullable=False),
        sa.Column("assignee_staff_id", big_id(), nullable=True),
        sa.Column("handled_by", big_id(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'cancelled')) = (closed_at IS NOT NULL)",
            name="ck_child_tasks_closed_has_date",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_child_tasks_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_child_tasks"),
    )
    op.create_index("ix_child_tasks_case", "child_tasks", ["case_id", "id"])
    op.create_index("ix_child_tasks_staff", "child_tasks", ["assignee_staff_id", "state", "due_at", "id"])
    op.create_index("ix_child_tasks_unit", "child_tasks", ["assignee_unit_id", "state", "due_at", "id"])


def upgrade() -> None:
    """Go up."""
    _supervisions()
    _call_backs()
    _child_tasks()
    with op.batch_alter_table("cases") as batch_op:
        for column in _case_columns():
            batch_op.add_column(column)
        batch_op.drop_constraint(op.f("ck_cases_closed_has_date"), type_="check")
        batch_op.create_check_constraint(op.f("ck_cases_closed_has_date"), ENDED)
    with op.batch_alter_table("cases") as batch_op:
        for name, columns in INDEXES.items():
            batch_op.create_index(name, columns)
    with op.batch_alter_table("report_categories") as batch_op:
        for column in _category_columns():
            batch_op.add_column(column)
    with op.batch_alter_table("work_clocks") as batch_op:
        batch_op.add_column(
            sa.Column("agreed", long_text(), nullable=False, server_default=sa.text("('[]')"))
        )


def downgrade() -> None:
    """Go down; what the old code cannot hold becomes closed, and keeps its way in the timeline."""
    for table in ("child_tasks", "call_backs", "supervisions"):
        op.drop_table(table)
    op.execute("UPDATE cases SET state = 'closed' WHERE state IN ('not_accepted', 'withdrawn', 'merged')")
    op.execute("UPDATE cases SET state = 'submitted' WHERE state = 'desk_asked'")
    op.execute("UPDATE cases SET state = 'accepted' WHERE state = 'escalated'")
    op.execute("UPDATE cases SET state = 'handling' WHERE state IN ('handler_asked', 'suspended')")
    with op.batch_alter_table("work_clocks") as batch_op:
        batch_op.drop_column("agreed")
    with op.batch_alter_table("report_categories") as batch_op:
        for column in _category_columns():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("cases") as batch_op:
        for name in INDEXES:
            batch_op.drop_index(name)
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_constraint(op.f("ck_cases_closed_has_date"), type_="check")
        batch_op.create_check_constraint(op.f("ck_cases_closed_has_date"), ENDED_BEFORE)
        for column in _case_columns():
            batch_op.drop_column(column.name)
