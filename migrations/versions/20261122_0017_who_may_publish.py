"""who may publish: permissions of 三务公开, 党的声音 and 民事互通, and the three village roles that sign (OPEN-07)

Revision: 0017
After: 0016
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# As they are on this day; what a role may do from then on is the town's own data.
GIVEN = {
    "dispatcher": ("bulletin.write", "care.plan", "notice.draft", "notice.publish", "notice.watch"),
    "leader": ("notice.confirm", "notice.watch"),
    "village_head": ("care.plan", "notice.publish"),
    "grid_worker": ("care.visit",),
}
MADE = {
    "village_clerk": ("村文书", ("notice.draft",)),
    "village_supervisor": ("村务监督委员会成员", ("notice.review",)),
    "village_secretary": ("村党组织书记", ("notice.confirm",)),
}
NEW = frozenset(
    [name for names in GIVEN.values() for name in names]
    + [name for _, names in MADE.values() for name in names]
)


def upgrade() -> None:
    """Go up. The code before knows no permission by these names and leaves them alone."""
    roles = _roles()
    for role_id, _, code, permissions in roles:
        if code in GIVEN:
            _let(role_id, sorted({*json.loads(permissions), *GIVEN[code]}))
    _make({town_id for _, town_id, _, _ in roles}, {role_id for role_id, *_ in roles})


def downgrade() -> None:
    """Go down: every role loses them, also one that a town gave them to; the new roles go with who held them."""
    connection = op.get_bind()
    for code in MADE:
        connection.execute(sa.text("DELETE FROM staff_roles WHERE role = :code"), {"code": code})
        connection.execute(sa.text("DELETE FROM roles WHERE code = :code"), {"code": code})
    for role_id, _, _, permissions in _roles():
        _let(role_id, [name for name in json.loads(permissions) if name not in NEW])


def _make(towns: set[int], taken: set[int]) -> None:
    # Small numbers: no id that the running program makes is below a million.
    number = max((one for one in taken if one < 1_000_000), default=0)
    for town_id in sorted(towns):
        for code, (label, permissions) in MADE.items():
            number += 1
            op.get_bind().execute(
                sa.text(
                    "INSERT INTO roles (id, town_id, code, label, permissions, totp_required, built_in, active,"
                    " created_at) VALUES (:id, :town, :code, :label, :permissions, :no, :yes, :yes, :at)"
                ).bindparams(sa.bindparam("at", type_=sa.DateTime())),
                {
                    "id": number,
                    "town": town_id,
                    "code": code,
                    "label": label,
                    "permissions": json.dumps(list(permissions)),
                    "no": False,
                    "yes": True,
                    "at": datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None),
                },
            )


def _roles() -> list[sa.Row[tuple[int, int, str, str]]]:
    return list(op.get_bind().execute(sa.text("SELECT id, town_id, code, permissions FROM roles")))


def _let(role_id: int, permissions: list[str]) -> None:
    op.get_bind().execute(
        sa.text("UPDATE roles SET permissions = :permissions WHERE id = :id"),
        {"permissions": json.dumps(permissions), "id": role_id},
    )
