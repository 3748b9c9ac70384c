"""hot paths

Revision: 0007
After: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Each reason for which cases are in sight has its index, newest first (cases/queue.py).
INDEXES = {
    "ix_cases_grid": ["grid_id", "created_at", "id"],
    "ix_cases_mine": ["assignee_staff_id", "created_at", "id"],
    "ix_cases_ours": ["assignee_unit_id", "created_at", "id"],
    "ix_cases_handled": ["handled_by", "created_at", "id"],
}


def upgrade() -> None:
    """Go up."""
    for name, columns in INDEXES.items():
        op.create_index(name, "cases", columns)


def downgrade() -> None:
    """Go down."""
    for name in INDEXES:
        op.drop_index(name, table_name="cases")
