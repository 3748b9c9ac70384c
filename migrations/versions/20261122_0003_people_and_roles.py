"""people and roles

Revision: 0003
After: 0002
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The roles as they were before they became data: a town that is there already gets them.
ROLES = {
    "dispatcher": (
        "分流员",
        (
            "case.view case.accept case.dispatch case.reopen case.note case.contact case.intake "
            "case.call_back content.review board.view message.view message.resend feedback.view rights.answer"
        ),
    ),
    "grid_worker": ("网格员", "case.handle case.note case.contact case.intake"),
    "department_clerk": ("站所办理人", "case.handle case.note case.contact"),
    "checker": ("核查员", "case.view case.check case.note case.call_back board.view"),
    "leader": ("镇领导", "case.view case.reopen case.note case.supervise case.extend board.view"),
    "village_head": ("村级负责人", "case.view board.view"),
    "administrator": (
        "管理员",
        (
            "people.bind people.manage roles.manage places.manage sessions.manage log.view "
            "settings.manage message.view message.resend feedback.view"
        ),
    ),
}


def _added() -> dict[str, list[sa.Column[object]]]:
    """Table → its new columns; what the old code does not write has a value of its own."""
    return {
        "org_units": [sa.Column("edited_at", moment(), nullable=True)],
        "places": [
            sa.Column("worker_name", sa.String(32), nullable=False, server_default=""),
            sa.Column("worker_phone", sa.String(32), nullable=False, server_default=""),
            sa.Column("supervision_phone", sa.String(32), nullable=False, server_default=""),
            sa.Column("edited_at", moment(), nullable=True),
        ],
        "staff": [
            sa.Column("phone", long_text(), nullable=True),
            sa.Column("phone_index", exact(64), nullable=True),
            sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.text("0")),
            sa.Column("totp_since", moment(), nullable=True),
            sa.Column("edited_at", moment(), nullable=True),
        ],
        "login_sessions": [
            sa.Column("address", exact(45), nullable=True),
            sa.Column("user_agent", sa.String(200), nullable=True),
        ],
    }


def upgrade() -> None:
    """Go up."""
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    # A unique index, no constraint: SQLite would have to build the table anew under its foreign keys.
    op.create_index("uq_staff_phone_index", "staff", ["phone_index"], unique=True)
    _make_roles()
    _make_second_factors()
    _make_login_log()
    _make_duty()


def _make_roles() -> None:
    roles = op.create_table(
        "roles",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("label", sa.String(32), nullable=False),
        sa.Column("permissions", long_text(), nullable=False),
        sa.Column("totp_required", sa.Boolean(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["town_id"], ["places.id"], name=op.f("fk_roles_town_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("town_id", "code", name="uq_roles_town_id_code"),
    )
    towns = op.get_bind().execute(sa.text("SELECT id FROM towns ORDER BY id")).scalars().all()
    rows = [
        {
            "id": number,
            "town_id": town_id,
            "code": code,
            "label": label,
            "permissions": json.dumps(sorted(permissions.split())),
            "totp_required": False,
            "built_in": True,
            "active": True,
            "created_at": datetime(2026, 11, 22, tzinfo=UTC),
        }
        # Small numbers: no id that the running program makes is below a million.
        for number, (town_id, code, label, permissions) in enumerate(
            ((town_id, code, *of) for town_id in towns for code, of in ROLES.items()), start=1
        )
    ]
    if rows:
        op.bulk_insert(roles, rows)


def _make_second_factors() -> None:
    op.create_table(
        "staff_totp",
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("secret", long_text(), nullable=False),
        sa.Column("last_step", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("confirmed_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_totp_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_totp")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("code_hash", exact(64), nullable=False),
        sa.Column("used_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_recovery_codes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_codes")),
        sa.UniqueConstraint("staff_id", "code_hash", name="uq_staff_recovery_codes_code"),
    )


def _make_login_log() -> None:
    op.create_table(
        "login_log",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=True),
        sa.Column("town_id", big_id(), nullable=True),
        sa.Column("result", exact(16), nullable=False),
        sa.Column("reason", exact(32), nullable=False),
        sa.Column("address", exact(45), nullable=True),
        sa.Column("user_agent", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_login_log_staff_id")),
        sa.ForeignKeyConstraint(["town_id"], ["places.id"], name=op.f("fk_login_log_town_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_log")),
    )
    op.create_index("ix_login_log_at", "login_log", ["at", "id"])
    op.create_index("ix_login_log_town_id", "login_log", ["town_id", "at", "id"])
    op.create_index("ix_login_log_staff_id", "login_log", ["staff_id", "at", "id"])


def _make_duty() -> None:
    op.create_table(
        "stand_ins",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("stand_in_id", big_id(), nullable=False),
        sa.Column("starts_at", moment(), nullable=False),
        sa.Column("ends_at", moment(), nullable=False),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("made_by", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_stand_ins_staff_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["staff.id"], name=op.f("fk_stand_ins_stand_in_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_stand_ins_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_ins")),
    )
    op.create_index("ix_stand_ins_staff_id", "stand_ins", ["staff_id", "ends_at"])
    op.create_index("ix_stand_ins_stand_in_id", "stand_ins", ["stand_in_id", "ends_at"])
    op.create_table(
        "duties",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("unit_id", big_id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", exact(4), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("made_by", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_duties_unit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duties_staff_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_duties_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("unit_id", "day", "half", "staff_id", name="uq_duties_unit_day_half_staff"),
    )
    op.create_index("ix_duties_staff_id", "duties", ["staff_id", "day"])


def downgrade() -> None:
    """Go down."""
    for table in ("duties", "stand_ins", "login_log", "staff_recovery_codes", "staff_totp", "roles"):
        op.drop_table(table)
    op.drop_index("uq_staff_phone_index", "staff")
    for table, columns in reversed(_added().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)
