"""petitions: 信访直通车 with tables of its own, and who may open them

Revision: 0008
After: 0007
"""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# As they are on this day; what a role may do from then on is the town's own data.
GIVEN = {"department_clerk": ("petition.handle",), "leader": ("petition.approve", "petition.figures")}
NEW_ROLES = {
    "petition_clerk": ("信访专员", ("petition.figures", "petition.templates", "petition.triage")),
    "vault_reader": ("检举控告专办员", ("vault.read",)),
}
ENDED = (
    "'answered', 'reviewed', 'final', 'guided', 'transferred', 'not_accepted', 'no_longer', 'returned', "
    "'joined', 'withdrawn', 'settled', 'archived'"
)
TABLES = (
    "petitions",
    "petition_parties",
    "petition_files",
    "petition_documents",
    "petition_templates",
    "petition_ratings",
    "petition_avoidances",
    "petition_links",
    "petition_readings",
)


def upgrade() -> None:
    """Go up. The code before knows nothing of these tables, and no permission by these names."""
    _petitions()
    _parties_and_files()
    _documents()
    _ratings_and_links()
    _roles()


def _petitions() -> None:
    op.create_table(
        "petitions",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("code", exact(12), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("channel", exact(16), nullable=False),
        sa.Column("topic", exact(32), nullable=False),
        sa.Column("title", long_text(), nullable=False),
        sa.Column("claim", long_text(), nullable=False),
        sa.Column("facts", long_text(), nullable=False),
        sa.Column("reasons", long_text(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("registered_by", big_id(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("invitation", exact(64), nullable=True),
        sa.Column("sending", exact(64), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("petition_class", exact(16), nullable=False),
        sa.Column("branch", exact(8), nullable=False),
        sa.Column("sender_body", sa.String(80), nullable=False),
        sa.Column("sender_number", sa.String(64), nullable=False),
        sa.Column("sender_due_on", sa.Date(), nullable=True),
        sa.Column("assignee_unit_id", big_id(), nullable=True),
        sa.Column("assignee_unit_name", sa.String(80), nullable=False),
        sa.Column("assignee_staff_id", big_id(), nullable=True),
        sa.Column("helpers", long_text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("extension_count", sa.Integer(), nullable=False),
        sa.Column("pending_request", exact(16), nullable=False),
        sa.Column("pending_by", big_id(), nullable=True),
        sa.Column("pending_until", sa.Date(), nullable=True),
        sa.Column("outcome", exact(24), nullable=True),
        sa.Column("opinion", long_text(), nullable=True),
        sa.Column("drafted_by", big_id(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("follow_up_open", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("joined_into", big_id(), nullable=True),
        sa.Column("repeat_number", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            f"(state IN ({ENDED})) = (closed_at IS NOT NULL)",
            name=op.f("ck_petitions_closed_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petitions")),
        sa.UniqueConstraint("code", name=op.f("uq_petitions_code")),
        sa.UniqueConstraint("sending", name=op.f("uq_petitions_sending")),
    )
    op.create_index("ix_petitions_invitation", "petitions", ["invitation"])
    op.create_index("ix_petitions_queue", "petitions", ["town_id", "created_at", "id"])
    op.create_index("ix_petitions_resident", "petitions", ["resident_id", "created_at", "id"])
    op.create_index("ix_petitions_state", "petitions", ["town_id", "state", "due_at", "id"])
    op.create_index("ix_petitions_unit", "petitions", ["assignee_unit_id", "created_at", "id"])


def _parties_and_files() -> None:
    op.create_table(
        "petition_parties",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("role", exact(16), nullable=False),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("name", long_text(), nullable=True),
        sa.Column("phone", long_text(), nullable=True),
        sa.Column("address", long_text(), nullable=True),
        sa.Column("id_number", long_text(), nullable=True),
        sa.Column("relation", long_text(), nullable=True),
        sa.Column("confirmed_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_parties_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_parties")),
    )
    op.create_index("ix_petition_parties_petition", "petition_parties", ["petition_id", "id"])
    op.create_index("ix_petition_parties_resident", "petition_parties", ["resident_id"])
    op.create_table(
        "petition_files",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("petition_id", big_id(), nullable=True),
        sa.Column("purpose", exact(16), nullable=False),
        sa.Column("owner", exact(72), nullable=False),
        sa.Column("name", long_text(), nullable=False),
        sa.Column("media_type", exact(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("store_key", exact(160), nullable=False),
        sa.Column("key_id", exact(80), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_files")),
    )
    op.create_index("ix_petition_files_petition", "petition_files", ["petition_id", "id"])
    op.create_index("ix_petition_files_store_key", "petition_files", ["store_key"])


def _documents() -> None:
    op.create_table(
        "petition_documents",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("filled", long_text(), nullable=False),
        sa.Column("docx_file_id", big_id(), nullable=True),
        sa.Column("pdf_file_id", big_id(), nullable=True),
        sa.Column("made_by", big_id(), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.Column("way", exact(16), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("signed", exact(16), nullable=False),
        sa.Column("stance", exact(16), nullable=False),
        sa.Column("delivery_by", big_id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_documents_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_documents")),
        sa.UniqueConstraint(
            "town_id",
            "year",
            "kind",
            "sequence",
            name=op.f("uq_petition_documents_town_id_year_kind_sequence"),
        ),
    )
    op.create_index("ix_petition_documents_petition", "petition_documents", ["petition_id", "id"])
    op.create_table(
        "petition_templates",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("heading", sa.String(80), nullable=False),
        sa.Column("body", sa.String(8000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_templates")),
        sa.UniqueConstraint("town_id", "kind", name=op.f("uq_petition_templates_town_id_kind")),
    )


def _ratings_and_links() -> None:
    op.create_table(
        "petition_ratings",
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("object", exact(8), nullable=False),
        sa.Column("opened_at", moment(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("score", exact(16), nullable=True),
        sa.Column("reason", long_text(), nullable=True),
        sa.Column("rated_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("petition_id", "object", name=op.f("pk_petition_ratings")),
    )
    op.create_table(
        "petition_avoidances",
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("decided_by", big_id(), nullable=False),
        sa.Column("decided_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("petition_id", "staff_id", name=op.f("pk_petition_avoidances")),
    )
    op.create_table(
        "petition_links",
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("earlier_id", big_id(), nullable=False),
        sa.Column("reason", long_text(), nullable=False),
        sa.Column("linked_by", big_id(), nullable=False),
        sa.Column("linked_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("petition_id", "earlier_id", name=op.f("pk_petition_links")),
    )
    op.create_table(
        "petition_readings",
        sa.Column("petition_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("hour", moment(), nullable=False),
        sa.Column("unit_name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("petition_id", "staff_id", "hour", name=op.f("pk_petition_readings")),
    )


def _roles() -> None:
    database = op.get_bind()
    rows = database.execute(sa.text("SELECT id, code, permissions FROM roles")).all()
    for role_id, code, permissions in rows:
        if code in GIVEN:
            _let(role_id, sorted({*json.loads(permissions), *GIVEN[code]}))
    roles = sa.table(
        "roles",
        sa.column("id", sa.BigInteger()),
        sa.column("town_id", sa.BigInteger()),
        sa.column("code", sa.String()),
        sa.column("label", sa.String()),
        sa.column("permissions", sa.Text()),
        sa.column("totp_required", sa.Boolean()),
        sa.column("built_in", sa.Boolean()),
        sa.column("active", sa.Boolean()),
        sa.column("created_at", moment()),
    )
    first = 1 + (database.execute(sa.text("SELECT max(id) FROM roles WHERE id < 1000000")).scalar() or 0)
    towns = database.execute(sa.text("SELECT id FROM towns ORDER BY id")).scalars().all()
    held = {(row.town_id, row.code) for row in database.execute(sa.text("SELECT town_id, code FROM roles"))}
    wanted = [(town, code) for town in towns for code in NEW_ROLES if (town, code) not in held]
    rows_of = [
        {
            "id": number,
            "town_id": town_id,
            "code": code,
            "label": NEW_ROLES[code][0],
            "permissions": json.dumps(list(NEW_ROLES[code][1])),
            "totp_required": False,
            "built_in": True,
            "active": True,
            "created_at": datetime(2026, 11, 22),  # noqa: DTZ001  # as the column keeps it, in UTC
        }
        for number, (town_id, code) in enumerate(wanted, start=first)
    ]
    if rows_of:
        op.bulk_insert(roles, rows_of)


def _let(role_id: int, permissions: list[str]) -> None:
    op.get_bind().execute(
        sa.text("UPDATE roles SET permissions = :permissions WHERE id = :id"),
        {"permissions": json.dumps(permissions), "id": role_id},
    )


def downgrade() -> None:
    """Go down. The roles go with those who held them: the code before would know nothing of either."""
    for table in reversed(TABLES):
        op.drop_table(table)
    database = op.get_bind()
    gone = {"petition_clerk", "vault_reader"}
    for role_id, code, permissions in database.execute(
        sa.text("SELECT id, code, permissions FROM roles")
    ).all():
        if code not in gone:
            _let(role_id, [p for p in json.loads(permissions) if not p.startswith(("petition.", "vault."))])
    database.execute(sa.text("DELETE FROM staff_roles WHERE role IN ('petition_clerk', 'vault_reader')"))
    database.execute(
        sa.text("DELETE FROM roles WHERE code IN ('petition_clerk', 'vault_reader') AND built_in")
    )
