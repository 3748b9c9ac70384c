"""A small OSS of our own that checks what matters: V4 signatures of header, URL and form, expiry, policy conditions.

Written from the published signing rules, not from the client library. Path style, one bucket, objects in memory.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

import xmltodict
from flask import Flask, Request, Response, request
from werkzeug.serving import make_server

from tests.contract.oss_policy import Refused, check_policy, read_policy

ALGORITHM = "OSS4-HMAC-SHA256"
STAMP = "%Y%m%dT%H%M%SZ"
SKEW = timedelta(minutes=15)
CORS = """<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin><AllowedMethod>POST</AllowedMethod>
<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>"""
LIFECYCLE = """<LifecycleConfiguration><Rule><ID>tmp</ID><Prefix>tmp/</Prefix><Status>Enabled</Status>
<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"""


class InMemory(Request):
    """Keeps the parts of a form in memory: one that breaks off leaves no open file behind."""

    def _get_file_stream(self, *about: Any, **more: Any) -> io.BytesIO:
        return io.BytesIO()


def _real_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class OssStandIn:
    """The bucket, its one key pair, and the server. ``now`` is what policies and dates of objects are held against."""

    bucket: str = "town-private"
    region: str = "cn-test"
    key_id: str = "test-key-id"
    key_secret: str = "test-key-secret"
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    failing: int = 0  # the next so many requests answer 503
    now: Callable[[], datetime] = _real_now
    acl: str = "private"
    cors_origin: str | None = None
    lifecycle: bool = False
    forbidden: set[str] = field(default_factory=set)  # methods that this key pair may not use

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

    def empty(self) -> None:
        """As on its first day."""
        fresh = OssStandIn()
        self.objects.clear()
        self.written.clear()
        for name in ("failing", "now", "acl", "cors_origin", "lifecycle", "forbidden"):
            setattr(self, name, getattr(fresh, name))

    def keep(self, key: str, data: bytes, kind: str) -> None:
        """Put an object there."""
        self.objects[key] = (data, kind)
        self.written[key] = self.now()

    def _app(self) -> Flask:
        app = Flask("oss")
        app.request_class = InMemory

        @app.errorhandler(Refused)
        def refused(error: Refused) -> Response:
            body = f"<?xml version='1.0'?><Error><Code>{error.code}</Code><Message>{error.code}</Message></Error>"
            return Response(body, status=error.status, mimetype="application/xml")

        @app.route(f"/{self.bucket}", methods=["GET", "POST"])
        @app.route(f"/{self.bucket}/", methods=["GET", "POST"])
        def whole() -> Response:
            if request.method == "POST" and "delete" not in request.args:
                return self._post()
            self._admit("")
            return self._delete_many() if request.method == "POST" else self._about()

        @app.route(f"/{self.bucket}/<path:key>", methods=["GET", "HEAD", "PUT", "DELETE"])
        def one(key: str) -> Response:
            self._admit(key)
            return self._do(key)

        return app

    def _admit(self, key: str) -> None:
        if self.failing:
            self.failing -= 1
            raise Refused(503, "ServiceUnavailable")
        self._check_signature(key)
        if request.method in self.forbidden:
            raise Refused(403, "AccessDenied")

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
        answer.headers["Last-Modified"] = format_datetime(self.written[key], usegmt=True)
        answer.headers["ETag"] = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest().upper()}"'
        return answer

    def _put(self, key: str) -> Response:
        source = request.headers.get("x-oss-copy-source")
        if source is None:
            self.keep(key, request.get_data(), request.headers.get("Content-Type", ""))
            return Response(headers={"ETag": '"X"'})
        name = unquote(source).removeprefix(f"/{self.bucket}/")
        if name not in self.objects:
            raise Refused(404, "NoSuchKey")
        self.keep(key, *self.objects[name])
        body = '<CopyObjectResult><LastModified>2026-03-10T02:00:00.000Z</LastModified><ETag>"X"</ETag></CopyObjectResult>'
        return Response(body, mimetype="application/xml")

    def _about(self) -> Response:
        """The bucket's own settings, or what lies in it."""
        if "acl" in request.args:
            body = f"<AccessControlPolicy><Owner><ID>1</ID></Owner><AccessControlList><Grant>{self.acl}</Grant></AccessControlList></AccessControlPolicy>"
        elif "cors" in request.args:
            if self.cors_origin is None:
                raise Refused(404, "NoSuchCORSConfiguration")
            body = CORS.format(origin=escape(self.cors_origin))
        elif "lifecycle" in request.args:
            if not self.lifecycle:
                raise Refused(404, "NoSuchLifecycle")
            body = LIFECYCLE
        else:
            body = self._list()
        return Response(body, mimetype="application/xml")

    def _list(self) -> str:
        """ListObjectsV2, a page at a time."""
        prefix, most = request.args.get("prefix", ""), min(int(request.args.get("max-keys", 100)), 1000)
        after = request.args.get("continuation-token", "")
        found = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        page, more = found[:most], len(found) > most
        entries = "".join(
            f"<Contents><Key>{quote(key)}</Key><LastModified>{self.written[key]:%Y-%m-%dT%H:%M:%S}.000Z</LastModified>"
            f'<ETag>"X"</ETag><Type>Normal</Type><Size>{len(self.objects[key][0])}</Size>'
            "<StorageClass>Standard</StorageClass></Contents>"
            for key in page
        )
        token = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if more else ""
        return (
            f"<ListBucketResult><Name>{self.bucket}</Name><Prefix>{quote(prefix)}</Prefix><MaxKeys>{most}</MaxKeys>"
            f"<EncodingType>url</EncodingType><KeyCount>{len(page)}</KeyCount>"
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{entries}</ListBucketResult>"
        )

    def _delete_many(self) -> Response:
        body = request.get_data()
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        if request.headers.get("Content-MD5") != digest:
            raise Refused(400, "InvalidDigest")
        named = xmltodict.parse(body, force_list=("Object",))["Delete"]["Object"]
        if len(named) > 1000:
            raise Refused(400, "MalformedXML")
        for one in named:
            self.objects.pop(one["Key"], None)
        return Response("<DeleteResult></DeleteResult>", mimetype="application/xml")

    # --- signatures --------------------------------------------------------------------------------------------

    def _signing_key(self, day: str) -> bytes:
        key = b"aliyun_v4" + self.key_secret.encode()
        for part in (day, self.region, "oss", "aliyun_v4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key

    def _check_signature(self, key: str) -> None:
        """The request's V4 signature, in its query or in its Authorization header; by the machine's own time."""
        in_query = "x-oss-signature" in request.args
        if in_query:
            given, stamp = request.args["x-oss-signature"], request.args["x-oss-date"]
            credential, extra = (
                request.args["x-oss-credential"],
                request.args.get("x-oss-additional-headers", ""),
            )
            seconds = int(request.args["x-oss-expires"])
            if seconds > 7 * 24 * 3600:
                raise Refused(400, "AuthorizationQueryParametersError")
            if _moment(stamp) + timedelta(seconds=seconds) < _real_now():
                raise Refused(403, "AccessDenied")
        else:
            header = request.headers.get("Authorization", "")
            if not header.startswith(ALGORITHM + " "):
                raise Refused(403, "AccessDenied")
            parts = dict(part.strip().split("=", 1) for part in header.removeprefix(ALGORITHM).split(","))
            given, credential = parts["Signature"], parts["Credential"]
            stamp, extra = request.headers["x-oss-date"], parts.get("AdditionalHeaders", "")
            if abs(_moment(stamp) - _real_now()) > SKEW:
                raise Refused(403, "RequestTimeTooSkewed")
        expected = self._sign(key, stamp, credential, extra, in_query=in_query)
        if not hmac.compare_digest(expected, given):
            raise Refused(403, "SignatureDoesNotMatch")

    def _check_credential(self, credential: str, day: str) -> None:
        if credential != f"{self.key_id}/{day}/{self.region}/oss/aliyun_v4_request":
            raise Refused(403, "InvalidAccessKeyId")

    def _sign(self, key: str, stamp: str, credential: str, extra: str, *, in_query: bool) -> str:
        day = stamp[:8]
        self._check_credential(credential, day)
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
        to_sign = "\n".join([ALGORITHM, stamp, f"{day}/{self.region}/oss/aliyun_v4_request", digest])
        return hmac.new(self._signing_key(day), to_sign.encode(), hashlib.sha256).hexdigest()

    # --- the upload form ---------------------------------------------------------------------------------------

    def _post(self) -> Response:
        """PostObject: what stands before the file counts, and nothing that stands behind it."""
        form = {name.lower(): value for name, value in request.form.items()}
        upload = request.files.get("file")
        if upload is None or "policy" not in form or "key" not in form:
            raise Refused(400, "MalformedPOSTRequest")
        if form.get("x-oss-signature-version") != ALGORITHM:
            raise Refused(400, "InvalidArgument")
        day = form.get("x-oss-date", "")[:8]
        self._check_credential(form.get("x-oss-credential", ""), day)
        expected = hmac.new(self._signing_key(day), form["policy"].encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, form.get("x-oss-signature", "")):
            raise Refused(403, "SignatureDoesNotMatch")
        data = upload.read()
        check_policy(read_policy(form["policy"]), form | {"bucket": self.bucket}, len(data), self.now())
        if form.get("x-oss-forbid-overwrite") == "true" and form["key"] in self.objects:
            raise Refused(409, "FileAlreadyExists")
        self.keep(form["key"], data, form.get("content-type", ""))
        return Response(status=int(form.get("success_action_status", "204")))


def _moment(stamp: str) -> datetime:
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(403, "InvalidArgument") from None
