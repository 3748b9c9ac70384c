"""petitions_rounded: what 信访直通车 still lacked

Revision: 0011
After: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    _space_of_letters()
    _papers_of_other_bodies()
    _simple_handling()
    _visits_and_readings()


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


def _visits_and_readings() -> None:
    """Visits that were announced (PET-18), and why somebody read the persons of a petition."""
    op.create_table(
        "petition_visits",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("state", exact(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("slot", exact(16), nullable=False),
        sa.Column("topic", exact(32), nullable=False),
        sa.Column("matter", long_text(), nullable=True),
        sa.Column("name", long_text(), nullable=True),
        sa.Column("phone", long_text(), nullable=True),
        sa.Column("representatives", long_text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("answer", long_text(), nullable=True),
        sa.Column("cancelled_by", exact(16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_visits")),
    )
    op.create_index("ix_petition_visits_desk", "petition_visits", ["town_id", "visit_on", "id"])
    op.create_index("ix_petition_visits_resident", "petition_visits", ["resident_id", "id"])
    op.create_table(
        "petition_contact_readings",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("reason", long_text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_contact_readings")),
    )
    op.create_index(
        "ix_petition_contact_readings_petition", "petition_contact_readings", ["petition_id", "id"]
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("petition_contact_readings")
    op.drop_table("petition_visits")
    op.drop_column("petitions", "simple")
    op.execute("UPDATE petition_documents SET sequence = -(id % 2147483647) WHERE sequence IS NULL")
    with op.batch_alter_table("petition_documents") as batch:
        batch.alter_column("sequence", existing_type=sa.Integer(), nullable=False)
    op.drop_column("vault_letters", "space")
