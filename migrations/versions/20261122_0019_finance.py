"""finance: village finance sheets and their imports

Revision: 0019
After: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. The code before knows nothing of these tables."""
    op.create_table(
        "finance_sheets",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("month", exact(7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("opening_fen", big_id(), nullable=False),
        sa.Column("income_fen", big_id(), nullable=False),
        sa.Column("expense_fen", big_id(), nullable=False),
        sa.Column("closing_fen", big_id(), nullable=False),
        sa.Column("receivable_fen", big_id(), nullable=False),
        sa.Column("payable_fen", big_id(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("foot", long_text(), nullable=False),
        sa.Column("digest", exact(64), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_by", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("sealed_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_sheets")),
        sa.UniqueConstraint(
            "village_id", "month", "number", name=op.f("uq_finance_sheets_village_id_month_number")
        ),
    )
    op.create_index("ix_finance_sheets_town", "finance_sheets", ["town_id", "month"])
    op.create_table(
        "finance_lines",
        sa.Column("sheet_id", big_id(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(40), nullable=False),
        sa.Column("category", exact(40), nullable=False),
        sa.Column("direction", exact(8), nullable=False),
        sa.Column("income_fen", big_id(), nullable=False),
        sa.Column("expense_fen", big_id(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("said", long_text(), nullable=False),
        sa.Column("shown", long_text(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["finance_sheets.id"], name=op.f("fk_finance_lines_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "no", name=op.f("pk_finance_lines")),
    )
    op.create_table(
        "finance_jobs",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("way", exact(8), nullable=False),
        sa.Column("month", exact(7), nullable=False),
        sa.Column("sheet_id", big_id(), nullable=True),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("errors", long_text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.Column("expires_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_jobs")),
    )
    op.create_index("ix_finance_jobs_expires_at", "finance_jobs", ["expires_at"])
    op.create_index("ix_finance_jobs_staff", "finance_jobs", ["staff_id", "created_at"])
    op.create_table(
        "finance_parts",
        sa.Column("job_id", big_id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", long_text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["finance_jobs.id"], name=op.f("fk_finance_parts_job_id")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_finance_parts")),
    )


def downgrade() -> None:
    """Go down."""
    for table in ("finance_parts", "finance_jobs", "finance_lines", "finance_sheets"):
        op.drop_table(table)
