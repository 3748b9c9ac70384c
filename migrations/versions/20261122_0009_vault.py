"""vault: sealed letters (检举控告), the keys of their readers, and what was done with them

Revision: 0009
After: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. The code before knows nothing of these tables."""
    op.create_table(
        "vault_keys",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("public_key", exact(44), nullable=False),
        sa.Column("wrapped", long_text(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.Column("confirmed_by", big_id(), nullable=True),
        sa.Column("retired_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_keys")),
        sa.UniqueConstraint("public_key", name=op.f("uq_vault_keys_public_key")),
    )
    op.create_index("ix_vault_keys_town", "vault_keys", ["town_id", "state"])
    op.create_index("ix_vault_keys_staff", "vault_keys", ["staff_id"])
    op.create_table(
        "vault_letters",
        sa.Column("id", big_id(), autoincrement=False, nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("receipt", exact(64), nullable=False),
        sa.Column("answer_key", exact(44), nullable=False),
        sa.Column("content", long_text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_letters")),
        sa.UniqueConstraint("receipt", name=op.f("uq_vault_letters_receipt")),
    )
    op.create_index("ix_vault_letters_town", "vault_letters", ["town_id", "received_on", "id"])
    _of_a_letter()


def _of_a_letter() -> None:
    op.create_table(
        "vault_files",
        sa.Column("id", big_id(), autoincrement=False, nullable=False),
        sa.Column("letter_id", big_id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", long_text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["vault_letters.id"], name=op.f("fk_vault_files_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_files")),
    )
    op.create_index("ix_vault_files_letter", "vault_files", ["letter_id", "position"])
    op.create_table(
        "vault_wraps",
        sa.Column("letter_id", big_id(), nullable=False),
        sa.Column("key_id", big_id(), nullable=False),
        sa.Column("wrap", exact(160), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["vault_letters.id"], name=op.f("fk_vault_wraps_letter_id")),
        sa.ForeignKeyConstraint(["key_id"], ["vault_keys.id"], name=op.f("fk_vault_wraps_key_id")),
        sa.PrimaryKeyConstraint("letter_id", "key_id", name=op.f("pk_vault_wraps")),
    )
    op.create_index("ix_vault_wraps_key", "vault_wraps", ["key_id", "letter_id"])
    op.create_table(
        "vault_acts",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("letter_id", big_id(), nullable=False),
        sa.Column("action", exact(12), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("sealed", long_text(), nullable=False),
        sa.Column("for_sender", long_text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["vault_letters.id"], name=op.f("fk_vault_acts_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_acts")),
    )
    op.create_index("ix_vault_acts_letter", "vault_acts", ["letter_id", "id"])


def downgrade() -> None:
    """Go down: the letters go with their tables, and nobody could ever make them anew."""
    for table in ("vault_acts", "vault_wraps", "vault_files", "vault_letters", "vault_keys"):
        op.drop_table(table)
