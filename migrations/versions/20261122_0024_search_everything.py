"""search_everything: the newest public texts of a town and of a village, read along an index

Revision: 0024
After: 0023
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. The code before knows nothing of these indexes."""
    op.create_index("ix_search_texts_all", "search_texts", ["town_id", "at", "subject_id"])
    op.create_index("ix_search_texts_village", "search_texts", ["village_id", "kind", "at", "subject_id"])


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_search_texts_village", "search_texts")
    op.drop_index("ix_search_texts_all", "search_texts")
