"""Identity's schemas, one for each audience."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.identity import policy
from backend.kernel.schemas import IdField, Schema, TimeField

_CODE = validate.Length(min=1, max=512)


class MiniLogin(Schema):
    """What wx.login gave."""

    code = fields.String(required=True, validate=_CODE)


class OfficialLogin(Schema):
    """What the official account's login page brought back."""

    code = fields.String(required=True, validate=_CODE)
    state = fields.String(required=True, validate=validate.Length(min=1, max=128))


class AuthorizeQuery(Schema):
    """Where to go after the login page."""

    return_to = fields.String(load_default="/m/", validate=validate.Length(max=500))


class AuthorizeAnswer(Schema):
    """The address of the login page; it works inside WeChat."""

    url = fields.String(required=True)


class MeStaff(Schema):
    """The staff account that this WeChat is bound to. `open_visits`: asked for, or agreed on and due by today."""

    id = IdField(required=True)
    name = fields.String(required=True)
    unit_name = fields.String(required=True)
    open_tasks = fields.Integer(required=True)
    open_visits = fields.Integer(required=True)


class Me(Schema):
    """A resident, as shown to themselves."""

    id = IdField(required=True)
    nickname = fields.String(required=True, allow_none=True)
    phone_masked = fields.String(required=True, allow_none=True)
    consent_version = fields.String(required=True, allow_none=True)
    elder_view = fields.Boolean(required=True)
    notify = fields.Boolean(required=True)
    unread = fields.Integer(required=True)
    staff = fields.Nested(MeStaff, required=True, allow_none=True)


class ResidentSession(Schema):
    """A resident's fresh session."""

    token = fields.String(required=True)
    expires_at = TimeField(required=True)
    resident = fields.Nested(Me, required=True)


class OfficialSession(ResidentSession):
    """As above, with the page the person came from."""

    return_to = fields.String(required=True)


def _phone(value: str) -> None:
    if value and not policy.PHONE.fullmatch(value):
        raise ValidationError("请填写 11 位手机号码")


class MeChange(Schema):
    """What a resident may change of themselves."""

    elder_view = fields.Boolean()
    notify = fields.Boolean()
    phone = fields.String(allow_none=True, validate=_phone, metadata={"description": "null or empty: remove"})


class PhoneCode(Schema):
    """The code of WeChat's getPhoneNumber button (not that of wx.login)."""

    code = fields.String(required=True, validate=_CODE)


class Consent(Schema):
    """The version of the privacy notice that was agreed to."""

    version = fields.String(required=True, validate=validate.Length(min=1, max=32))


class Binding(Schema):
    """A one-time code, however it was typed."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=32))


class SignIn(Schema):
    """A desk login."""

    username = fields.String(required=True, validate=validate.Length(min=1, max=policy.USERNAME_MAX))
    password = fields.String(required=True, validate=validate.Length(min=1, max=policy.PASSWORD_MAX))

    def strip_blanks(self, data: Any, **_: Any) -> Any:
        """A password's blanks are part of it."""
        return data


class PasswordChange(Schema):
    """The old password and the new one."""

    old = fields.String(required=True, validate=validate.Length(min=1, max=policy.PASSWORD_MAX))
    new = fields.String(required=True, validate=validate.Length(min=1, max=policy.PASSWORD_MAX))

    def strip_blanks(self, data: Any, **_: Any) -> Any:
        """A password's blanks are part of it."""
        return data


class OwnPassword(Schema):
    """One's own password, once more."""

    password = fields.String(required=True, validate=validate.Length(min=1, max=policy.PASSWORD_MAX))

    def strip_blanks(self, data: Any, **_: Any) -> Any:
        """A password's blanks are part of it."""
        return data


class FactorCode(Schema):
    """A code of the app."""

    code = fields.String(required=True, validate=validate.Length(min=6, max=20))


class SecondStep(FactorCode):
    """The second step of logging in; the code may be a spare one."""

    ticket = fields.String(required=True, validate=validate.Length(min=1, max=500))


class SecondFactorSetup(Schema):
    """What the app on the phone needs."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)
    qr_svg = fields.String(required=True)


class SpareCodes(Schema):
    """Ten codes for the day the phone is gone, shown this once."""

    codes = fields.List(fields.String(), required=True)


class OwnTown(Schema):
    """Which town a member of staff works for."""

    id = IdField(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class RoleHeld(Schema):
    """A role and where it reaches."""

    role = fields.String(required=True)
    label = fields.String(required=True)
    place_id = IdField(required=True)
    place_name = fields.String(required=True)
    unit_id = IdField(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)


class StaffAccount(Schema):
    """A member of staff, as shown to themselves."""

    id = IdField(required=True)
    name = fields.String(required=True)
    username = fields.String(required=True)
    unit_name = fields.String(required=True)
    town = fields.Nested(OwnTown, required=True)
    roles = fields.List(fields.Nested(RoleHeld), required=True)
    permissions = fields.List(fields.String(), required=True)
    bound = fields.Boolean(required=True)
    second_factor = fields.Boolean(required=True)
    spare_codes = fields.Integer(required=True, metadata={"description": "unused ones"})
    ended_elsewhere = fields.Boolean(
        required=True, metadata={"description": "logging in just ended another desk of the same person"}
    )
    must = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["password", "second_factor"]),
        metadata={"description": "what has to be done before anything else"},
    )


class BindingCode(Schema):
    """A one-time code, shown this once."""

    code = fields.String(required=True)
    expires_at = TimeField(required=True)
