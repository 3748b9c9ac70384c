"""A small OSS of our own that checks what matters: V4 signatures of header, URL and form, expiry, policy conditions.

Written from the published signing rules, not from the client library. Path style, one bucket, objects in memory.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, unquote

from flask import Flask, Response, request
from werkzeug.serving import make_server

ALGORITHM = "OSS4-HMAC-SHA256"
STAMP = "%Y%m%dT%H%M%SZ"


class Refused(Exception):
    """An answer in OSS's error shape."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class OssStandIn:
    """The bucket, its one key pair, and the server."""

    bucket: str = "town-private"
    region: str = "cn-test"
    key_id: str = "test-key-id"
    key_secret: str = "test-key-secret"
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    failing: int = 0  # the next so many requests answer 503

    def start(self) -> OssStandIn:
        """Serve on a free port of this machine."""
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask("oss")

        @app.errorhandler(Refused)
        def refused(error: Refused) -> Response:
            body = f"<?xml version='1.0'?><Error><Code>{error.code}</Code><Message>{error.code}</Message></Error>"
            return Response(body, status=error.status, mimetype="application/xml")

        @app.route(f"/{self.bucket}", methods=["POST"])
        @app.route(f"/{self.bucket}/", methods=["POST"])
        def post() -> Response:
            return self._post()

        @app.route(f"/{self.bucket}/<path:key>", methods=["GET", "HEAD", "PUT", "DELETE"])
        def one(key: str) -> Response:
            if self.failing:
                self.failing -= 1
                raise Refused(503, "ServiceUnavailable")
            self._check_signature(key)
            return self._do(key)

        return app

    # --- objects -----------------------------------------------------------------------------------------------

    def _do(self, key: str) -> Response:
        if request.method == "PUT":
            return self._put(key)
        if request.method == "DELETE":
            self.objects.pop(key, None)
            return Response(status=204)
        if key not in self.objects:
            raise Refused(404, "NoSuchKey")
        data, kind = self.objects[key]
        answer = Response(data, mimetype=kind)
        answer.headers["Content-Type"] = kind
        answer.headers["Last-Modified"] = format_datetime(datetime.now(UTC), usegmt=True)
        answer.headers["ETag"] = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest().upper()}"'
        return answer

    def _put(self, key: str) -> Response:
        source = request.headers.get("x-oss-copy-source")
        if source is None:
            self.objects[key] = (request.get_data(), request.headers.get("Content-Type", ""))
            return Response(headers={"ETag": '"X"'})
        name = unquote(source).removeprefix(f"/{self.bucket}/")
        if name not in self.objects:
            raise Refused(404, "NoSuchKey")
        self.objects[key] = self.objects[name]
        body = '<CopyObjectResult><LastModified>2026-03-10T02:00:00.000Z</LastModified><ETag>"X"</ETag></CopyObjectResult>'
        return Response(body, mimetype="application/xml")

    # --- signatures --------------------------------------------------------------------------------------------

    def _signing_key(self, day: str) -> bytes:
        key = b"aliyun_v4" + self.key_secret.encode()
        for part in (day, self.region, "oss", "aliyun_v4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key

    def _check_signature(self, key: str) -> None:
        """The request's V4 signature, in its query or in its Authorization header."""
        in_query = "x-oss-signature" in request.args
        if in_query:
            given, stamp = request.args["x-oss-signature"], request.args["x-oss-date"]
            credential, extra = (
                request.args["x-oss-credential"],
                request.args.get("x-oss-additional-headers", ""),
            )
            ends = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) + timedelta(
                seconds=int(request.args["x-oss-expires"])
            )
            if ends < datetime.now(UTC):
                raise Refused(403, "AccessDenied")
        else:
            header = request.headers.get("Authorization", "")
            if not header.startswith(ALGORITHM + " "):
                raise Refused(403, "AccessDenied")
            parts = dict(part.strip().split("=", 1) for part in header.removeprefix(ALGORITHM).split(","))
            given, credential = parts["Signature"], parts["Credential"]
            stamp, extra = request.headers["x-oss-date"], parts.get("AdditionalHeaders", "")
        expected = self._sign(key, stamp, credential, extra, in_query=in_query)
        if not hmac.compare_digest(expected, given):
            raise Refused(403, "SignatureDoesNotMatch")

    def _sign(self, key: str, stamp: str, credential: str, extra: str, *, in_query: bool) -> str:
        day = stamp[:8]
        scope = f"{day}/{self.region}/oss/aliyun_v4_request"
        if credential != f"{self.key_id}/{scope}":
            raise Refused(403, "InvalidAccessKeyId")
        query = "&".join(
            quote(k, safe="-_.~") + (f"={quote(v, safe='-_.~')}" if v else "")
            for k, v in sorted(request.args.items(multi=True))
            if k != "x-oss-signature"
        )
        signed = {
            name.lower(): value.strip()
            for name, value in request.headers.items()
            if name.lower().startswith("x-oss-")
            or name.lower() in {"content-type", "content-md5", *extra.split(";")}
        }
        if in_query:
            signed = {
                k: v
                for k, v in signed.items()
                if k in {"content-type", "content-md5"} or k.startswith("x-oss-")
            }
        headers = "".join(
            f"{name}:{signed[name]}\n" for name in sorted(signed) if signed[name] or name != "content-type"
        )
        path = quote(f"/{self.bucket}/{key}", safe="-_.~/")
        canonical = "\n".join([request.method, path, query, headers, extra, "UNSIGNED-PAYLOAD"])
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = "\n".join([ALGORITHM, stamp, scope, digest])
        return hmac.new(self._signing_key(day), to_sign.encode(), hashlib.sha256).hexdigest()

    # --- the upload form ---------------------------------------------------------------------------------------

    def _post(self) -> Response:
        form = {name.lower(): value for name, value in request.form.items()}
        upload = request.files.get("file")
        if upload is None or "policy" not in form:
            raise Refused(400, "MalformedPOSTRequest")
        day = form.get("x-oss-date", "")[:8]
        expected = hmac.new(self._signing_key(day), form["policy"].encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, form.get("x-oss-signature", "")):
            raise Refused(403, "SignatureDoesNotMatch")
        data = upload.read()
        self._check_policy(json.loads(base64.b64decode(form["policy"])), form, len(data))
        if form.get("x-oss-forbid-overwrite") == "true" and form["key"] in self.objects:
            raise Refused(409, "FileAlreadyExists")
        self.objects[form["key"]] = (data, form.get("content-type", ""))
        return Response(status=int(form.get("success_action_status", "204")))

    def _check_policy(self, policy: dict[str, Any], form: dict[str, str], size: int) -> None:
        ends = datetime.strptime(policy["expiration"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        if ends < datetime.now(UTC):
            raise Refused(403, "AccessDenied")
        given = form | {"bucket": self.bucket}
        named: set[str] = set()
        for condition in policy["conditions"]:
            if isinstance(condition, dict):
                wanted = [("eq", name, value) for name, value in condition.items()]
            elif condition[0] == "content-length-range":
                self._check_size(size, condition[1], condition[2])
                continue
            else:
                wanted = [(condition[0], condition[1].removeprefix("$"), condition[2])]
            for kind, name, value in wanted:
                assert kind == "eq", f"this stand-in knows only eq, not {kind}"
                named.add(name.lower())
                if given.get(name.lower()) != value:
                    raise Refused(403, "AccessDenied")
        if set(form) - named - {"policy", "x-oss-signature"}:
            raise Refused(403, "AccessDenied")  # a field the policy does not speak of

    @staticmethod
    def _check_size(size: int, low: int, high: int) -> None:
        if size > high:
            raise Refused(400, "EntityTooLarge")
        if size < low:
            raise Refused(400, "EntityTooSmall")
