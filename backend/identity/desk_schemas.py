"""Schemas of the administration floor: roles, units, people."""

from __future__ import annotations

from datetime import date

from marshmallow import fields, validate

from backend.identity import policy
from backend.identity.schemas import RoleHeld
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.places.files.model import UNIT_KINDS

SENSIBLE = validate.Range(min=date(2020, 1, 1), max=date(2100, 1, 1))
"""Days that can be meant; what lies beyond would not even have a next day."""


class PermissionRow(Schema):
    """A permission that a role can be given."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    group = fields.String(required=True, validate=validate.OneOf(["cases", "other", "administration"]))


class RoleRow(Schema):
    """A role of the town."""

    id = IdField(required=True)
    code = fields.String(required=True)
    label = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    totp_required = fields.Boolean(required=True)
    built_in = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    holders = fields.Integer(required=True)
    own = fields.Boolean(required=True, metadata={"description": "the reader holds it: may not widen it"})


class Roles(Schema):
    """The roles of the town and all that can be given."""

    items = fields.List(fields.Nested(RoleRow), required=True)
    permissions = fields.List(fields.Nested(PermissionRow), required=True)
    may_edit = fields.Boolean(required=True)


class RoleChange(Schema):
    """A role as it shall be."""

    label = fields.String(required=True, validate=validate.Length(min=1, max=20))
    permissions = fields.List(fields.String(), required=True, validate=validate.Length(max=100))
    totp_required = fields.Boolean(load_default=False)
    active = fields.Boolean(load_default=True)


class RoleNew(RoleChange):
    """A new role."""

    code = fields.String(required=True, validate=validate.Length(min=2, max=32))


class UnitRow(Schema):
    """A unit of the town."""

    id = IdField(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    parent_id = IdField(required=True, allow_none=True)
    place_id = IdField(required=True)
    place_name = fields.String(required=True)
    phone = fields.String(required=True)
    active = fields.Boolean(required=True)
    people = fields.Integer(required=True)
    editable = fields.Boolean(required=True)


class UnitKind(Schema):
    """A kind of unit."""

    name = fields.String(required=True)
    label = fields.String(required=True)


class Units(Schema):
    """The units in reach; the tree follows from `parent_id`."""

    items = fields.List(fields.Nested(UnitRow), required=True)
    kinds = fields.List(fields.Nested(UnitKind), required=True)


class UnitChange(Schema):
    """A unit as it shall be."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=40))
    kind = fields.String(required=True, validate=validate.OneOf(UNIT_KINDS))
    parent_id = IdField(load_default=None, allow_none=True)
    place_id = IdField(required=True)
    phone = fields.String(load_default="", validate=validate.Length(max=32))
    active = fields.Boolean(load_default=True)


class PeopleQuery(Schema):
    """Also those who have left?"""

    inactive = fields.Boolean(load_default=False)


class PersonRow(Schema):
    """A member of staff, as shown to those who administer accounts."""

    id = IdField(required=True)
    name = fields.String(required=True)
    username = fields.String(required=True)
    unit_id = IdField(required=True)
    unit_name = fields.String(required=True)
    phone_masked = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.Nested(RoleHeld), required=True)
    bound = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    has_password = fields.Boolean(required=True)
    second_factor = fields.Boolean(required=True)
    last_login_at = TimeField(required=True, allow_none=True)
    manageable = fields.Boolean(required=True)
    own = fields.Boolean(required=True)


class People(Schema):
    """The people in scope."""

    items = fields.List(fields.Nested(PersonRow), required=True)


class RoleGiven(Schema):
    """A role to be held: everything within a place, or there only what is one unit's."""

    role = fields.String(required=True, validate=validate.Length(min=1, max=32))
    place_id = IdField(required=True)
    unit_id = IdField(load_default=None, allow_none=True)


class PersonChange(Schema):
    """A person as they shall be. Without `phone` the number stays, without `roles` the roles."""

    name = fields.String(required=True, validate=validate.Length(max=30))
    unit_id = IdField(required=True)
    phone = fields.String(validate=validate.Length(max=20), metadata={"description": "empty: remove"})
    roles = fields.List(fields.Nested(RoleGiven), validate=validate.Length(max=20))


class PersonNew(PersonChange):
    """A new person."""

    username = fields.String(required=True, validate=validate.Length(max=policy.USERNAME_MAX))


class OneTimePassword(Schema):
    """A password shown this once; it opens only the page where it is changed."""

    password = fields.String(required=True)


class SessionRow(Schema):
    """Somebody who is signed in at a desk."""

    id = IdField(required=True)
    name = fields.String(required=True)
    username = fields.String(required=True)
    unit_name = fields.String(required=True)
    channel = fields.String(required=True)
    since = TimeField(required=True)
    last_used_at = TimeField(required=True)
    address_masked = fields.String(required=True)
    device = fields.String(required=True)
    own = fields.Boolean(required=True, metadata={"description": "the session that asks"})


class Sessions(Schema):
    """Who is online."""

    items = fields.List(fields.Nested(SessionRow), required=True)


class LoginLogQuery(Schema):
    """What of the log is wanted; days are Shanghai dates, both included."""

    result = fields.String(load_default="", validate=validate.OneOf(["", "in", "refused", "out"]))
    username = fields.String(load_default="", validate=validate.Length(max=64))
    from_day = fields.Date(load_default=None, allow_none=True, validate=SENSIBLE)
    to_day = fields.Date(load_default=None, allow_none=True, validate=SENSIBLE)
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class LoginLine(Schema):
    """One line of the login log; nobody's name stands where nobody has the name that was typed."""

    id = IdField(required=True)
    at = TimeField(required=True)
    username = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    result = fields.String(required=True)
    result_label = fields.String(required=True)
    reason_label = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)
    user_agent = fields.String(required=True, allow_none=True)


class LoginLog(Schema):
    """A page of the login log."""

    items = fields.List(fields.Nested(LoginLine), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StandInNew(Schema):
    """Who stands in for whom; days are Shanghai dates, both included. Without `staff_id`: for oneself."""

    staff_id = IdField(load_default=None, allow_none=True)
    stand_in_id = IdField(required=True)
    from_day = fields.Date(required=True, validate=SENSIBLE)
    to_day = fields.Date(required=True, validate=SENSIBLE)
    reason = fields.String(load_default="", validate=validate.Length(max=100))


class StandInRow(Schema):
    """A stand-in."""

    id = IdField(required=True)
    staff_id = IdField(required=True)
    staff_name = fields.String(required=True)
    unit_name = fields.String(required=True)
    stand_in_id = IdField(required=True)
    stand_in_name = fields.String(required=True)
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["later", "now", "over"]))
    may_end = fields.Boolean(required=True)


class Candidate(Schema):
    """Somebody who could stand in."""

    id = IdField(required=True)
    name = fields.String(required=True)
    unit_name = fields.String(required=True)


class StandIns(Schema):
    """Stand-ins in reach, and who could be one."""

    items = fields.List(fields.Nested(StandInRow), required=True)
    candidates = fields.List(fields.Nested(Candidate), required=True)


class DutyQuery(Schema):
    """Which days (Shanghai dates, both included), and which unit."""

    from_day = fields.Date(required=True, validate=SENSIBLE)
    to_day = fields.Date(required=True, validate=SENSIBLE)
    unit_id = IdField(load_default=None, allow_none=True)


class DutyPerson(Schema):
    """Somebody of a unit."""

    id = IdField(required=True)
    name = fields.String(required=True)


class DutyUnit(Schema):
    """A unit whose duty list the reader sees."""

    id = IdField(required=True)
    name = fields.String(required=True)
    editable = fields.Boolean(required=True)
    people = fields.List(fields.Nested(DutyPerson), required=True)


class DutyRow(Schema):
    """Somebody is on duty."""

    unit_id = IdField(required=True)
    day = fields.Date(required=True)
    half = fields.String(required=True, validate=validate.OneOf(["day", "am", "pm"]))
    staff_id = IdField(required=True)
    name = fields.String(required=True)


class DutyCalendar(Schema):
    """Who is on duty."""

    units = fields.List(fields.Nested(DutyUnit), required=True)
    items = fields.List(fields.Nested(DutyRow), required=True)


class DutyCell(Schema):
    """Who of a unit is on duty on a day, or on half of it; replaces who was."""

    unit_id = IdField(required=True)
    day = fields.Date(required=True, validate=SENSIBLE)
    half = fields.String(required=True, validate=validate.OneOf(["day", "am", "pm"]))
    staff_ids = fields.List(IdField(), required=True, validate=validate.Length(max=50))
