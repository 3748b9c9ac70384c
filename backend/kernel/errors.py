"""Errors that a person may read: a code for programs, a Chinese sentence for people, fields for forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class AppError(Exception):
    """A refusal with a sentence. It becomes an HTTP answer of `status` in the one error shape."""

    status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        details: Mapping[str, Any] | None = None,
        keeps_changes: bool = False,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.details = dict(details or {})
        # A refusal undoes what the request wrote, except where the writing is the point of it:
        # a failed login is counted, the use of a code is spent.
        self.keeps_changes = keeps_changes


class Unauthorized(AppError):
    """Nobody is logged in, or the session has ended."""

    status = 401

    def __init__(self, code: str = "login_needed", message: str = "请先登录。", **more: Any) -> None:
        super().__init__(code, message, **more)


class Forbidden(AppError):
    """Somebody known, who may not do this."""

    status = 403

    def __init__(
        self, code: str = "not_allowed", message: str = "您没有做这件事的权限。", **more: Any
    ) -> None:
        super().__init__(code, message, **more)


class NotFound(AppError):
    """It does not exist, or this person may not know that it does: both look alike."""

    status = 404

    def __init__(
        self, code: str = "not_found", message: str = "没有找到，可能已被移走，或您无权查看。", **more: Any
    ) -> None:
        super().__init__(code, message, **more)


class Conflict(AppError):
    """What the person saw has changed meanwhile; details say what."""

    status = 409


class TooLarge(AppError):
    """More bytes than we take."""

    status = 413


class Invalid(AppError):
    """The input cannot be accepted; fields say which part and why."""

    status = 422


class TooMany(AppError):
    """Too often; try again in `retry_after` seconds, which the answer's Retry-After says."""

    status = 429

    def __init__(
        self,
        code: str = "too_often",
        message: str = "操作太频繁了，请稍等一会儿再试。",
        *,
        retry_after: int = 60,
        **more: Any,
    ) -> None:
        super().__init__(code, message, **more)
        self.retry_after = retry_after


class Unavailable(AppError):
    """Something that we depend on does not answer; nothing was changed."""

    status = 503

    def __init__(
        self,
        code: str = "try_later",
        message: str = "服务暂时繁忙，您填写的内容还在，请稍后再试。",
        **more: Any,
    ) -> None:
        super().__init__(code, message, **more)
