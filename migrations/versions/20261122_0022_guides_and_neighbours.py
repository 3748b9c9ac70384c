"""guides_and_neighbours: 办事指南, 便民电话, 邻里互助

Revision: 0022
After: 0021
"""

from __future__ import annotations

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
