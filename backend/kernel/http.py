"""The edge of HTTP: one transaction a request, one error shape, request ids, conditional answers."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from backend.kernel import json
from backend.kernel.actor import PUBLIC
from backend.kernel.db import UNIT_TRIES, db, in_transaction, is_passing, is_retryable, now_writing
from backend.kernel.errors import AppError, TooMany, Unavailable
from backend.kernel.ids import ensure_node
from backend.kernel.openapi import Refusals
from backend.kernel.schemas import ErrorSchema, IdField, TimeField, flatten

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])
READING = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_SENTENCES = {
    400: "请求的格式不对。",
    404: "没有找到这个地址。",
    405: "这个地址不支持这种操作。",
    413: "内容太大了。",
    415: "请求的格式不对，应当是 JSON。",
    422: "有几处填写不对，请看标红的地方。",
    500: "系统出了点问题，已经记下，请稍后再试。您填写的内容还在。",
}


class TownFlask(Flask):
    """Flask with the transaction at its edge: committed when the view has answered, else rolled back.

    A deadlock or a lost connection makes the whole view run again, a bounded number of times.
    """

    def full_dispatch_request(self) -> Response:
        with now_writing(request.method not in READING):
            return super().full_dispatch_request()

    def preprocess_request(self) -> ResponseReturnValue | None:
        """The guards, tried again like the view: they are the first to meet a connection that has died."""
        for attempt in range(1, UNIT_TRIES + 1):
            try:
                return super().preprocess_request()
            except DBAPIError as error:
                self._before_another_try(attempt, error)
        raise AssertionError("unreachable")

    def dispatch_request(self) -> ResponseReturnValue:
        for attempt in range(1, UNIT_TRIES + 1):
            try:
                # A page that notes who read it may have met a writer: then it queues as writers do.
                with now_writing(attempt > 1 or request.method not in READING):
                    answer = super().dispatch_request()
                    if in_transaction():
                        db.session.commit()
                    return answer
            except AppError as refusal:
                if refusal.keeps_changes:
                    db.session.commit()
                else:
                    db.session.rollback()
                raise
            except DBAPIError as error:
                self._before_another_try(attempt, error)
            except BaseException:
                db.session.rollback()
                raise
        raise AssertionError("unreachable")

    def _before_another_try(self, attempt: int, error: DBAPIError) -> None:
        """Roll back; raises `error` when trying again cannot help, or was tried often enough."""
        db.session.rollback()
        if attempt == UNIT_TRIES or not is_retryable(error):
            raise error
        if not _is_silent():
            log.warning("unit tried again", extra={"attempt": attempt, "error": type(error.orig).__name__})


def anyone() -> None:
    """The guard of what needs no person. Touches no database."""
    g.actor = PUBLIC


def leaves_no_line(view: F) -> F:
    """Mark a route of which no log may know when it was called: no line, no request id of the caller's own.

    For ballots: a line's moment is one thing too many to be joined by. When such a route fails
    unexpectedly the kind of error is logged, and none of the values that SQLAlchemy puts into its words.
    """
    view.silent = True  # type: ignore[attr-defined]
    return view


def _is_silent() -> bool:
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "silent", False))


class Blueprint(flask_smorest.Blueprint):
    """A smorest blueprint; its guard is attached where it is made, never forgotten on a route.

    smorest has no types: its decorators are given theirs here, so that views keep their own.
    """

    def __init__(self, name: str, import_name: str, *, guard: Callable[[], None], **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.guard = guard
        self.before_request(guard)

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        """A view, or a MethodView, at an address below the blueprint's."""
        return cast(Callable[[F], F], super().route(rule, **options))

    def get(self, rule: str, **options: Any) -> Callable[[F], F]:
        """A view for GET."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[F], F]:
        """A view for POST."""
        return self.route(rule, methods=["POST"], **options)

    def patch(self, rule: str, **options: Any) -> Callable[[F], F]:
        """A view for PATCH."""
        return self.route(rule, methods=["PATCH"], **options)

    def delete(self, rule: str, **options: Any) -> Callable[[F], F]:
        """A view for DELETE."""
        return self.route(rule, methods=["DELETE"], **options)

    def arguments(self, schema: Any, **options: Any) -> Callable[[F], F]:
        """Parse the request by `schema` into the view's first argument.

        Made once, here: of a class a new one would be made, and all its fields copied, at every request.
        """
        made = schema() if isinstance(schema, type) else schema
        return cast(Callable[[F], F], super().arguments(made, **options))

    def alt_response(self, status: int, **options: Any) -> Callable[[F], F]:
        """An answer beside the usual one."""
        return cast(Callable[[F], F], super().alt_response(status, **options))

    def doc(self, **said: Any) -> Callable[[F], F]:
        """Say more about a view in the API document."""
        return cast(Callable[[F], F], super().doc(**said))

    def response(self, status: int, schema: Any = None, **options: Any) -> Callable[[F], F]:
        """Write the answer by `schema`."""
        return cast(Callable[[F], F], super().response(status, schema, **options))


def _schema_name(schema: Any) -> str | bool:
    """A schema's name in the API document; one that was cut down for a route is written out there."""
    made = resolve_schema_instance(schema)
    if made.only is not None or made.exclude or made.partial:
        return False
    return type(made).__name__.removesuffix("Schema")


class Api(flask_smorest.Api):
    """smorest's Api with our error shape. No operation may answer just anything: refusals are declared."""

    ERROR_SCHEMA = ErrorSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)  # type: ignore[arg-type]  # False is documented
        super().__init__(app, spec_kwargs={"marshmallow_plugin": plugin, "extra_plugins": [Refusals()]})
        # Fields of our own: without this the document, and the front ends' types, would say "anything".
        self.register_field(IdField, "string", None)
        self.register_field(TimeField, "string", "date-time")

    def handle_http_exception(self, error: HTTPException) -> Any:
        return http_error(error)


def error_body(code: str, message: str, fields: Any = None, details: Any = None) -> dict[str, Any]:
    """The one error shape."""
    return {
        "code": code,
        "message": message,
        "fields": fields or {},
        "request_id": g.get("request_id"),
        "details": details or {},
    }


def http_error(error: HTTPException) -> Response:
    """A framework's error in our shape."""
    status = error.code or 500
    data: dict[str, Any] = getattr(error, "data", None) or {}
    messages = data.get("messages", {})
    fields: dict[str, list[str]] = {}
    for part in messages.values() if isinstance(messages, dict) else ():
        fields |= flatten(part)
    if isinstance(error, HTTPException) and error.response is not None and status < 400:
        return error.response  # type: ignore[return-value]
    code = {404: "not_found", 422: "invalid", 413: "too_large"}.get(status, f"http_{status}")
    response = json_response(error_body(code, _SENTENCES.get(status, "请求没有成功。"), fields), status)
    for name, value in (error.get_headers() or []) if status == 405 else []:
        if name == "Allow":
            response.headers[name] = value
    return response


def _app_error(error: AppError) -> Response:
    response = json_response(error_body(error.code, error.message, error.fields, error.details), error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _unexpected(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return http_error(error)
    if _is_silent():
        log.error("unexpected error of a silent route", extra={"error": type(error).__name__})
        return _app_error(Unavailable()) if is_passing(error) else _broken()
    if is_passing(error):
        # Whether it was written is not known when the connection broke at COMMIT: keys and versions decide.
        log.error("the database is away", extra={"error": str(getattr(error, "orig", error))[:200]})
        return _app_error(Unavailable())
    log.error("unexpected error", exc_info=error, extra={"rule": str(request.url_rule)})
    return _broken()


def _broken() -> Response:
    return json_response(error_body("unexpected", _SENTENCES[500]), 500)


def json_response(value: Any, status: int = 200) -> Response:
    """A JSON answer by orjson."""
    return Response(json.dump_bytes(value), status=status, mimetype="application/json")


def conditional(version: str, body: Callable[[], Any]) -> Response:
    """200 with an ETag made from `version`, or 304 without making the body.

    `version` must name everything the body depends on: (id, version) list, scope, minute.
    """
    etag = hashlib.sha256(version.encode()).hexdigest()[:24]
    unchanged = request.if_none_match.contains_weak(etag)
    response = Response(status=304) if unchanged else json_response(body())
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def init_http(app: Flask, fixed_node: int | None) -> None:
    """Register request ids, headers, logs and error handlers."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        takes = _REQUEST_ID.match(given) and not _is_silent()
        g.request_id = given if takes else secrets.token_hex(8)
        g.started = time.perf_counter()
        ensure_node(fixed_node)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if not _is_silent():
            _log_request(response)
        return response

    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, _unexpected)


def _log_request(response: Response) -> None:
    log.info(
        "request",
        extra={
            "method": request.method,
            "rule": str(request.url_rule),
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        },
    )
