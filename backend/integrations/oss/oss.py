"""Alibaba OSS: private bucket, V4 signatures, uploads straight from the phone by PostObject.

The policy of an upload names the one key, the content type and the greatest size; overwriting is forbidden.
oss2 has no help for PostObject, so the policy is signed here with the same key derivation as its AuthV4.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import oss2

from backend.integrations.oss.protocol import (
    ObjectInfo,
    ObjectMissing,
    PostTicket,
    StoreError,
    checked_key,
    checked_prefix,
)
from backend.kernel.clock import now
from backend.kernel.db import assert_no_transaction
from config.settings import Settings

TIMEOUT_SECONDS = (3.05, 10)
BATCH = 1000  # list and delete take this many at once
SIGNED_KEPT = 4096  # addresses remembered per process, about 2 MB
MAX_URL_SECONDS = 7 * 24 * 3600  # V4 signed addresses live seven days at most

logging.getLogger("oss2").setLevel(logging.WARNING)


@dataclass(frozen=True)
class BucketFacts:
    """The bucket's own settings, as far as they matter here."""

    acl: str
    posting_origins: frozenset[str]
    expiring_prefixes: frozenset[str]


class OssStore:
    """One private bucket; a custom domain is not needed, images are opened by <image> and <img>."""

    def __init__(self, endpoint: str, region: str, bucket: str, key_id: str, key_secret: str) -> None:
        if not region:
            raise ValueError("OSS_REGION is needed for V4 signatures")
        endpoint = endpoint if "://" in endpoint else f"https://{endpoint}"  # oss2 would take http
        address = urlsplit(endpoint)
        self._id, self._secret, self._region, self._name = key_id, key_secret, region, bucket
        self._signed: OrderedDict[tuple[str, int], tuple[datetime, str]] = OrderedDict()
        self._signing = threading.Lock()
        auth = oss2.AuthV4(key_id, key_secret)
        self._bucket = oss2.Bucket(auth, endpoint, bucket, region=region, connect_timeout=TIMEOUT_SECONDS)
        numeric = address.hostname in {"127.0.0.1", "localhost", "::1"}
        self.upload_url = (
            f"{address.scheme}://{address.netloc}/{bucket}"
            if numeric
            else f"https://{bucket}.{address.netloc}/"
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> OssStore:
        """The bucket of OSS_*."""
        return cls(
            settings.oss_endpoint,
            settings.oss_region,
            settings.oss_bucket,
            settings.oss_access_key_id,
            settings.oss_access_key_secret,
        )

    def post_ticket(self, key: str, content_type: str, max_bytes: int, ttl_seconds: int) -> PostTicket:
        """PostObject with a V4 policy; see Store. The answer of a good upload is 200."""
        moment = now()
        expires = moment + timedelta(seconds=ttl_seconds)
        signed = {
            "x-oss-signature-version": "OSS4-HMAC-SHA256",
            "x-oss-credential": f"{self._id}/{moment:%Y%m%d}/{self._region}/oss/aliyun_v4_request",
            "x-oss-date": f"{moment:%Y%m%dT%H%M%SZ}",
            "x-oss-forbid-overwrite": "true",
        }
        conditions: list[Any] = [
            {"bucket": self._name},
            ["eq", "$key", checked_key(key)],
            ["eq", "$content-type", content_type],
            ["content-length-range", 1, max_bytes],
            ["eq", "$success_action_status", "200"],
            *({name: value} for name, value in signed.items()),
        ]
        policy = {"expiration": f"{expires:%Y-%m-%dT%H:%M:%S}.000Z", "conditions": conditions}
        encoded = base64.b64encode(json.dumps(policy).encode()).decode()
        fields = {
            "key": key,
            "policy": encoded,
            **signed,
            "x-oss-signature": self._signature(encoded, moment),
            "success_action_status": "200",
            "Content-Type": content_type,
        }
        return PostTicket(self.upload_url, fields, expires_at=expires)

    def _signature(self, policy: str, moment: datetime) -> str:
        secret = b"aliyun_v4" + self._secret.encode()
        for part in (f"{moment:%Y%m%d}", self._region, "oss", "aliyun_v4_request"):
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        return hmac.new(secret, policy.encode(), hashlib.sha256).hexdigest()

    def save(self, key: str, data: bytes, content_type: str) -> None:
        """See Store."""
        self._call(
            "put", key, lambda: self._bucket.put_object(key, data, headers={"Content-Type": content_type})
        )

    def read(self, key: str) -> bytes:
        """See Store."""
        content: bytes = self._call("get", key, lambda: self._bucket.get_object(key).read())
        return content

    def head(self, key: str) -> ObjectInfo | None:
        """See Store."""
        try:
            found = self._call("head", key, lambda: self._bucket.head_object(key))
        except ObjectMissing:
            return None
        return ObjectInfo(key, found.content_length, found.content_type or "", found.etag)

    def delete(self, key: str) -> None:
        """See Store; OSS answers alike whether it was there or not."""
        self._call("delete", key, lambda: self._bucket.delete_object(key))

    def move(self, src: str, dst: str) -> None:
        """Copy, then delete: a crash between the two leaves both, never neither; see Store."""
        self._call("copy", src, lambda: self._bucket.copy_object(self._name, src, checked_key(dst)))
        self.delete(src)

    def sweep(self, prefix: str, before: datetime, most: int) -> int:
        """See Store; one listing for a thousand, one call to delete them."""
        found = self._call("list", f"{checked_prefix(prefix)}x", lambda: self._old(prefix, before, most))
        for start in range(0, len(found), BATCH):
            keys = found[start : start + BATCH]
            self._call("delete", keys[0], partial(self._bucket.batch_delete_objects, keys))
        return len(found)

    def _old(self, prefix: str, before: datetime, most: int) -> list[str]:
        listed = oss2.ObjectIteratorV2(self._bucket, prefix=prefix, max_keys=BATCH)
        return list(islice((o.key for o in listed if o.last_modified < before.timestamp()), most))

    def facts(self) -> BucketFacts:
        """Access, CORS and lifecycle of the bucket. Raises StoreError when this key may not read them."""
        anything = "tmp/x"
        acl = self._call("acl", anything, self._bucket.get_bucket_acl).acl
        return BucketFacts(
            acl, frozenset(self._posting_origins(anything)), frozenset(self._expiring(anything))
        )

    def _posting_origins(self, key: str) -> list[str]:
        try:
            rules = self._call("cors", key, self._bucket.get_bucket_cors).rules
        except ObjectMissing:
            return []
        return [origin for rule in rules if "POST" in rule.allowed_methods for origin in rule.allowed_origins]

    def _expiring(self, key: str) -> list[str]:
        try:
            rules = self._call("lifecycle", key, self._bucket.get_bucket_lifecycle).rules
        except ObjectMissing:
            return []
        return [rule.prefix for rule in rules if rule.status == "Enabled" and rule.expiration]

    def read_url(self, key: str, ttl_seconds: int) -> str:
        """A V4-signed address, good for one to two ttl and the same for one, so that a phone's cache holds; see Store."""
        moment, wanted = now(), (checked_key(key), ttl_seconds)
        with self._signing:
            until, url = self._signed.get(wanted, (moment, ""))
            if until <= moment:
                lifetime = min(2 * ttl_seconds, MAX_URL_SECONDS)
                url = str(self._bucket.sign_url("GET", key, lifetime, slash_safe=True))
                self._signed[wanted] = (moment + timedelta(seconds=ttl_seconds), url)
            self._signed.move_to_end(wanted)
            while len(self._signed) > SIGNED_KEPT:
                self._signed.popitem(last=False)
        return url

    def _call(self, what: str, key: str, call: Callable[[], Any]) -> Any:
        assert_no_transaction(f"oss.{what}")
        checked_key(key)
        try:
            return call()
        except (oss2.exceptions.NoSuchKey, oss2.exceptions.NotFound):
            raise ObjectMissing(key) from None
        except oss2.exceptions.RequestError as error:
            raise StoreError(
                f"oss {what}: no answer ({type(error.exception).__name__})", temporary=True
            ) from None
        except oss2.exceptions.OssError as error:
            temporary = error.status >= 500 or error.status == 429
            raise StoreError(f"oss {what}: {error.status} {error.code}", temporary=temporary) from None
