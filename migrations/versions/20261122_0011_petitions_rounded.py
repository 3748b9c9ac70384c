"""petitions_rounded: what 信访直通车 still lacked

Revision: 0011
After: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    _space_of_letters()
    _papers_of_other_bodies()
    _simple_handling()


def _space_of_letters() -> None:
    """What a sealed letter takes, so that a town's sum is found without reading the letters."""
    op.add_column("vault_letters", sa.Column("space", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE vault_letters SET space = LENGTH(content) + COALESCE((SELECT SUM(LENGTH(sealed))"
        " FROM vault_files WHERE vault_files.letter_id = vault_letters.id), 0)"
    )


def _papers_of_other_bodies() -> None:
    """A review's document has its own body's number, and none of the town's series."""
    with op.batch_alter_table("petition_documents") as batch:
        batch.alter_column("sequence", existing_type=sa.Integer(), nullable=True)


def _simple_handling() -> None:
    """Accepted to be answered in ten working days (PET-25)."""
    op.add_column("petitions", sa.Column("simple", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Go down."""
    op.drop_column("petitions", "simple")
    op.execute("UPDATE petition_documents SET sequence = -(id % 2147483647) WHERE sequence IS NULL")
    with op.batch_alter_table("petition_documents") as batch:
        batch.alter_column("sequence", existing_type=sa.Integer(), nullable=False)
    op.drop_column("vault_letters", "space")
