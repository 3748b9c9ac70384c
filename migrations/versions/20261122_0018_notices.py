"""notices: notices of 三务公开 with their sign-off chain, attachments, committees

Revision: 0018
After: 0017
"""

from __future__ import annotations

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
