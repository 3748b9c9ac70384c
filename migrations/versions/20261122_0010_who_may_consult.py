"""who may consult: permissions of 有事好商量 and 问题回音壁 for the roles that are there already

Revision: 0010
After: 0009
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# As they are on this day; what a role may do from then on is the town's own data.
GIVEN = {
    "dispatcher": ("consult.manage", "wall.write"),
    "leader": ("consult.approve", "wall.approve"),
    "village_head": ("consult.manage", "villager.confirm"),
}
NEW = frozenset(name for names in GIVEN.values() for name in names)


def upgrade() -> None:
    """Go up. The code before knows no permission by these names and leaves them alone."""
    for role_id, code, permissions in _roles():
        if code in GIVEN:
            _let(role_id, sorted({*json.loads(permissions), *GIVEN[code]}))


def downgrade() -> None:
    """Go down: every role loses them, also one that a town gave them to."""
    for role_id, _, permissions in _roles():
        _let(role_id, [name for name in json.loads(permissions) if name not in NEW])


def _roles() -> list[sa.Row[tuple[int, str, str]]]:
    return list(op.get_bind().execute(sa.text("SELECT id, code, permissions FROM roles")))


def _let(role_id: int, permissions: list[str]) -> None:
    op.get_bind().execute(
        sa.text("UPDATE roles SET permissions = :permissions WHERE id = :id"),
        {"permissions": json.dumps(permissions), "id": role_id},
    )
