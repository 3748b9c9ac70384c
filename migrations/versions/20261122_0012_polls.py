"""polls: verified villagers, and a poll whose ballots nobody can join to a voter

Revision: 0012
After: 0011
"""

from __future__ import annotations

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
