"""What identity needs from others, in its own words; app.py wires it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, Protocol, TypeVar, cast

from flask import current_app

from backend.kernel.db import outside_transaction, run_unit
from backend.kernel.errors import Forbidden, Invalid, TooMany, Unavailable

A = TypeVar("A")
T = TypeVar("T")


class MiniSession(Protocol):
    """Who opened the mini-program."""

    @property
    def openid(self) -> str: ...
    @property
    def unionid(self) -> str | None: ...


class WebUser(Protocol):
    """Who agreed on the official account's login page."""

    @property
    def openid(self) -> str: ...
    @property
    def unionid(self) -> str | None: ...
    @property
    def nickname(self) -> str: ...


class FollowerPage(Protocol):
    """Some of those who follow the official account; `after` asks for the next ones."""

    @property
    def openids(self) -> tuple[str, ...]: ...
    @property
    def total(self) -> int: ...
    @property
    def after(self) -> str: ...


class LoginPlatform(Protocol):
    """The part of WeChat that says who someone is. Its errors carry `reaction`, an enum of words."""

    def code_to_session(self, code: str) -> MiniSession: ...
    def authorize_url(self, return_url: str, state: str) -> str: ...
    def web_user(self, code: str) -> WebUser: ...
    def phone_number(self, code: str) -> str: ...
    def follower_unionids(self, openids: list[str]) -> dict[str, str | None]: ...
    def follower_page(self, after: str = "") -> FollowerPage: ...


def platform() -> LoginPlatform:
    """The platform object that app.py put in."""
    return cast(LoginPlatform, current_app.extensions["wechat"])


def after_platform(call: Callable[[], A], unit: Callable[[A], T]) -> T:
    """Ask the platform with no transaction open, then write what follows as one unit of its own.

    The unit may be tried again after a deadlock; the call may not, for its code is spent by then. That
    is why the edge, which tries whole requests again, must not be the one to commit here.
    """
    answer = ask_platform(call)
    return run_unit(lambda: unit(answer))


def ask_platform(call: Callable[[], T]) -> T:
    """One call to the platform with no transaction open, its refusals turned into ours.

    Raises Invalid for a code that is wrong, used or expired; Forbidden for an account that WeChat
    refuses; TooMany at the per-minute quota; Unavailable for everything the person cannot mend.
    """
    with outside_transaction():
        try:
            return call()
        except Exception as error:
            reaction = getattr(getattr(error, "reaction", None), "value", None)
            if reaction is None:
                raise
            _refuse(reaction, error)


def _refuse(reaction: str, error: Exception) -> NoReturn:
    if reaction == "new_code":
        raise Invalid(
            "wechat_code_spent", "微信登录凭证已失效，请再点一次。", fields={"code": ["已失效"]}
        ) from error
    if reaction == "blocked_user":
        raise Forbidden("wechat_blocked", "微信暂不允许这个账号登录，您仍可以凭查询码查看进度。") from error
    if reaction == "minute_quota":
        raise TooMany("wechat_busy", "登录的人太多了，请一分钟后再试。") from error
    raise Unavailable("wechat_down", "暂时连不上微信，您填写的内容还在，请稍后再试。") from error


_unread: Callable[[int], int] | None = None
_open_tasks: Callable[[Any], int] | None = None
_open_visits: Callable[[Any], int] | None = None


def count_unread_by(count: Callable[[int], int]) -> None:
    """The inbox says how many messages of a resident (by id) are unread."""
    global _unread
    _unread = count


def count_open_tasks_by(count: Callable[[Any], int]) -> None:
    """The cases say how many open tasks a member of staff (a queries.StaffCard) has."""
    global _open_tasks
    _open_tasks = count


def count_open_visits_by(count: Callable[[Any], int]) -> None:
    """Care says how many visits wait for a member of staff (a queries.StaffCard)."""
    global _open_visits
    _open_visits = count


_open_cases_of_unit: Callable[[int], int] | None = None


def count_open_cases_by(count: Callable[[int], int]) -> None:
    """The cases say how many open ones a unit (by id) has."""
    global _open_cases_of_unit
    _open_cases_of_unit = count


def open_cases_of_unit(unit_id: int) -> int:
    """Open cases of a unit; 0 while no cases are wired in."""
    return _open_cases_of_unit(unit_id) if _open_cases_of_unit else 0


def unread(resident_id: int) -> int:
    """Unread messages of a resident; 0 while no inbox is wired in."""
    return _unread(resident_id) if _unread else 0


def open_tasks(staff: Any) -> int:
    """Open tasks of a member of staff; 0 while no cases are wired in."""
    return _open_tasks(staff) if _open_tasks else 0


def open_visits(staff: Any) -> int:
    """Visits that wait for a member of staff; 0 while no care is wired in."""
    return _open_visits(staff) if _open_visits else 0
