"""administration

Revision: 0004
After: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    with op.batch_alter_table("audit_entries") as table:
        table.add_column(sa.Column("town_id", big_id(), nullable=True))
        table.create_index("ix_audit_entries_town", ["town_id", "at", "id"])
    op.execute(
        "UPDATE audit_entries SET town_id = (SELECT staff.town_id FROM staff WHERE staff.id = audit_entries.actor_id)"
        " WHERE actor_kind = 'staff'"
    )
    for name in ("report_categories", "routing_rules"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
            table.add_column(sa.Column("edited_at", moment(), nullable=True))
    op.create_table(
        "holiday_years",
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("source", exact(8), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_holiday_years"),
    )
    op.create_table(
        "outbox_periodic_runs",
        sa.Column("name", exact(64), nullable=False),
        sa.Column("done_at", moment(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("failed_at", moment(), nullable=True),
        sa.Column("failure", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_outbox_periodic_runs"),
    )
    _sheets()
    _administration()
    _announcements()


def _sheets() -> None:
    op.create_table(
        "sheet_jobs",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("direction", exact(8), nullable=False),
        sa.Column("kind", exact(32), nullable=False),
        sa.Column("state", exact(20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("params", long_text(), nullable=False),
        sa.Column("summary", long_text(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.Column("expires_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_jobs"),
    )
    op.create_index("ix_sheet_jobs_staff", "sheet_jobs", ["staff_id", "created_at", "id"])
    op.create_index("ix_sheet_jobs_expires_at", "sheet_jobs", ["expires_at"])
    op.create_table(
        "sheet_parts",
        sa.Column("job_id", big_id(), nullable=False),
        sa.Column("name", exact(8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("data", long_text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["sheet_jobs.id"], name="fk_sheet_parts_job_id"),
        sa.PrimaryKeyConstraint("job_id", "name", "number", name="pk_sheet_parts"),
    )


def _administration() -> None:
    op.create_table(
        "standard_replies",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("category_code", exact(32), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("text", long_text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standard_replies"),
    )
    op.create_index("ix_standard_replies_town", "standard_replies", ["town_id", "active", "position"])
    op.create_table(
        "rule_trials",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("state", exact(8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("request", long_text(), nullable=False),
        sa.Column("result", long_text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_trials"),
    )
    op.create_index("ix_rule_trials_staff", "rule_trials", ["staff_id", "created_at"])
    op.create_table(
        "staff_preferences",
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("key", exact(40), nullable=False),
        sa.Column("value", long_text(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "key", name="pk_staff_preferences"),
    )


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", long_text(), nullable=False),
        sa.Column("audience", long_text(), nullable=False),
        sa.Column("must_read", sa.Boolean(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("author_id", big_id(), nullable=False),
        sa.Column("author_name", long_text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("published_at", moment(), nullable=True),
        sa.Column("withdrawn_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_town", "announcements", ["town_id", "state", "published_at"])
    op.create_table(
        "announcement_reads",
        sa.Column("announcement_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("read_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name="fk_announcement_reads_announcement_id"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "staff_id", name="pk_announcement_reads"),
    )


def downgrade() -> None:
    """Go down."""
    for name in (
        "announcement_reads",
        "announcements",
        "staff_preferences",
        "rule_trials",
        "standard_replies",
        "sheet_parts",
        "sheet_jobs",
        "outbox_periodic_runs",
        "holiday_years",
    ):
        op.drop_table(name)
    for name in ("routing_rules", "report_categories"):
        with op.batch_alter_table(name) as table:
            table.drop_column("edited_at")
            table.drop_column("version")
    with op.batch_alter_table("audit_entries") as table:
        table.drop_index("ix_audit_entries_town")
        table.drop_column("town_id")
