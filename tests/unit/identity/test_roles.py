"""What roles may do, as the town's rules of procedure have it."""

from __future__ import annotations

import pytest

from backend.identity.roles import (
    ADMINISTRATION,
    CASE_CONTENT,
    PERMISSIONS,
    ROLES,
    Role,
    permissions_of,
    phone_permissions_of,
)


def test_every_permission_is_held_by_somebody() -> None:
    held = {permission for role in ROLES.values() for permission in role.permissions}
    assert held == set(PERMISSIONS)


@pytest.mark.parametrize("role", ["grid_worker", "department_clerk", "administrator"])
def test_these_do_not_see_cases_at_large(role: str) -> None:
    assert "case.view" not in permissions_of(role)


def test_no_role_both_handles_and_checks() -> None:
    # the one who did it does not judge it
    for role in ROLES.values():
        assert not {"case.handle", "case.check"} <= role.permissions, role.code


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.code)
def test_no_role_governs_accounts_and_reads_cases(role: Role) -> None:
    # SEC-03: least privilege
    assert PERMISSIONS.keys() >= ADMINISTRATION | CASE_CONTENT
    assert not (role.permissions & ADMINISTRATION and role.permissions & CASE_CONTENT)


@pytest.mark.parametrize(
    ("role", "lent"),
    [
        ("grid_worker", {"case.handle", "case.note", "case.contact", "case.intake", "care.visit"}),
        ("department_clerk", {"case.handle", "case.note", "case.contact"}),
        ("dispatcher", set()),
        ("leader", set()),
        ("administrator", set()),
        ("no_such_role", set()),
    ],
)
def test_a_phone_is_lent_what_a_worker_needs_and_no_more(role: str, lent: set[str]) -> None:
    assert phone_permissions_of(role) == lent
