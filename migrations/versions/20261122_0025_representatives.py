"""representatives: a fifth of the villagers' representatives may demand publication too (OPEN-03)

Revision: 0025
After: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. The code before leaves them out: nobody is a representative, and the way is not open."""
    op.add_column(
        "villagers", sa.Column("representative", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("village_rolls", sa.Column("representatives", sa.Integer(), nullable=True))
    op.add_column(
        "publishing_requests",
        sa.Column("representatives_joined", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("publishing_requests", sa.Column("representatives_needed", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go down."""
    op.drop_column("publishing_requests", "representatives_needed")
    op.drop_column("publishing_requests", "representatives_joined")
    op.drop_column("village_rolls", "representatives")
    op.drop_column("villagers", "representative")
