"""Settings: one frozen dataclass read from the environment, checked as a whole.

`load()` reads `NAME=value` pairs, refuses to return anything incomplete and says in one
sentence per line what is missing or wrong, so that an operator can mend it at 3 a.m.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

SANDBOX_MINI_APPID = "wxsandboxmini00001"
SANDBOX_OFFICIAL_APPID = "wxsandboxoffi00001"
REAL_API_BASE = "https://api.weixin.qq.com"
REAL_WEB_BASE = "https://open.weixin.qq.com"


class SettingsError(Exception):
    """The settings cannot be used; `problems` has one sentence for each reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Settings are incomplete:\n" + "\n".join(f"  - {p}" for p in problems))


@dataclass(frozen=True)
class KeyRing:
    """Named keys, newest first: the first one writes, all of them read."""

    keys: tuple[tuple[str, bytes], ...]

    @property
    def newest(self) -> tuple[str, bytes]:
        return self.keys[0]

    def get(self, name: str) -> bytes | None:
        return next((key for key_name, key in self.keys if key_name == name), None)


@dataclass(frozen=True)
class Settings:
    """Everything a process needs to know about where it runs. See docs/operations.md."""

    mode: Literal["development", "production", "test"]
    database_url: str
    redis_url: str | None
    data_dir: Path
    port: int
    public_base_url: str
    town_config: Path
    field_keys: KeyRing
    field_cipher: Literal["aes-256-gcm", "sm4-gcm"]
    blind_index_keys: KeyRing
    signing_key: bytes
    wechat_mini_appid: str
    wechat_mini_secret: str
    wechat_official_appid: str
    wechat_official_secret: str
    wechat_api_base: str
    wechat_web_base: str
    wechat_callback_token: str
    wechat_callback_aes_key: str
    miniprogram_state: Literal["formal", "trial", "developer"]
    sandbox: bool
    sandbox_url: str | None
    store: Literal["local", "oss"]
    oss_endpoint: str
    oss_region: str
    oss_bucket: str
    oss_access_key_id: str
    oss_access_key_secret: str
    pool_size: int
    web_processes: int
    staff_idle_minutes: int
    staff_one_session: bool
    proxy_hops: int
    metrics_open: bool
    call_back_percent: int
    vault_space_mb: int
    care_days: int
    comment_days: int
    node_id: int | None
    backup_dir: Path

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


class _Reader:
    """Reads single values and collects every complaint before anyone gives up."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def required(self, name: str, why: str) -> str:
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is missing: {why}.")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self.problems.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
            return default
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit() or not low <= int(value) <= high:
            self.problems.append(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
            return default
        return int(value)

    def ring(self, name: str, why: str, size: int = 32) -> KeyRing:
        keys: list[tuple[str, bytes]] = []
        for part in filter(None, (p.strip() for p in self.required(name, why).split(","))):
            key_name, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if not key_name or len(key) != size:
                self.problems.append(
                    f"{name}: the entry {key_name!r} is not NAME:BASE64 of exactly {size} bytes."
                )
                continue
            if key_name in {held for held, _ in keys}:
                self.problems.append(f"{name}: two keys are called {key_name!r}; one would never be found.")
                continue
            keys.append((key_name, key))
        return KeyRing(tuple(keys) or (("missing", b"\0" * size),))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    Raises SettingsError naming every problem at once.
    """
    read = _Reader(os.environ if environ is None else environ)
    mode = read.choice("MODE", ("development", "production", "test"), "production")
    port = read.number("PORT", 8000, 1, 65535)
    sandbox = read.choice("SANDBOX", ("on", "off"), "off") == "on"
    data_dir = Path(read.text("DATA_DIR", "var")).resolve()
    settings = Settings(
        mode=mode,  # type: ignore[arg-type]  # choice() allows nothing else
        database_url=_database_url(read, mode, data_dir),
        redis_url=read.text("REDIS_URL") or None,
        data_dir=data_dir,
        port=port,
        public_base_url=read.text("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        town_config=Path(read.text("TOWN_CONFIG", "config")).resolve(),
        field_keys=read.ring("FIELD_KEYS", "personal data is encrypted with it (name:base64 of 32 bytes)"),
        field_cipher=read.choice("FIELD_CIPHER", ("aes-256-gcm", "sm4-gcm"), "aes-256-gcm"),  # type: ignore[arg-type]
        blind_index_keys=read.ring("BLIND_INDEX_KEYS", "encrypted values are looked up with it"),
        signing_key=read.required("SIGNING_KEY", "links and tickets are signed with it").encode(),
        **_wechat(read),
        sandbox=sandbox,
        sandbox_url=read.text("SANDBOX_URL").rstrip("/") or None,
        store=read.choice("STORE", ("local", "oss"), "local"),  # type: ignore[arg-type]
        **_oss(read),
        pool_size=read.number("POOL_SIZE", 8, 1, 200),
        web_processes=read.number("WEB_PROCESSES", 1, 1, 64),
        staff_idle_minutes=read.number("STAFF_IDLE_MINUTES", 30, 5, 720),
        staff_one_session=read.choice("STAFF_ONE_SESSION", ("on", "off"), "on") == "on",
        proxy_hops=read.number("PROXY_HOPS", 0, 0, 5),
        metrics_open=read.choice("METRICS_OPEN", ("on", "off"), "off") == "on",
        call_back_percent=read.number("CALL_BACK_PERCENT", 10, 0, 100),
        vault_space_mb=read.number("VAULT_SPACE_MB", 4096, 20, 1_000_000),
        care_days=read.number("CARE_DAYS", 90, 7, 90),
        comment_days=read.number("COMMENT_DAYS", 365, 30, 365),
        node_id=read.number("NODE_ID", 0, 0, 1023) if read.text("NODE_ID") else None,
        backup_dir=Path(read.text("BACKUP_DIR", "/var/backups/town")),
    )
    for check in (_check_signing, _check_platform, _check_store):
        check(settings, read.problems)
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def _wechat(read: _Reader) -> dict[str, Any]:
    """The mini-program, the official account, and the address of the platform."""
    return {
        "wechat_mini_appid": read.required("WECHAT_MINI_APPID", "the mini-program logs in with it"),
        "wechat_mini_secret": read.required("WECHAT_MINI_SECRET", "the mini-program logs in with it"),
        "wechat_official_appid": read.text("WECHAT_OFFICIAL_APPID"),
        "wechat_official_secret": read.text("WECHAT_OFFICIAL_SECRET"),
        "wechat_api_base": read.text("WECHAT_API_BASE", REAL_API_BASE).rstrip("/"),
        "wechat_web_base": read.text("WECHAT_WEB_BASE", REAL_WEB_BASE).rstrip("/"),
        "wechat_callback_token": read.text("WECHAT_CALLBACK_TOKEN"),
        "wechat_callback_aes_key": read.text("WECHAT_CALLBACK_AES_KEY"),
        "miniprogram_state": read.choice("MINIPROGRAM_STATE", ("formal", "trial", "developer"), "formal"),
    }


def _oss(read: _Reader) -> dict[str, Any]:
    """The object store; looked at only when STORE is oss."""
    return {
        "oss_endpoint": read.text("OSS_ENDPOINT"),
        "oss_region": read.text("OSS_REGION"),
        "oss_bucket": read.text("OSS_BUCKET"),
        "oss_access_key_id": read.text("OSS_ACCESS_KEY_ID"),
        "oss_access_key_secret": read.text("OSS_ACCESS_KEY_SECRET"),
    }


def _check_signing(settings: Settings, problems: list[str]) -> None:
    if 0 < len(settings.signing_key) < 32:
        problems.append("SIGNING_KEY is too short: give at least 32 characters.")


def _database_url(read: _Reader, mode: str, data_dir: Path) -> str:
    url = read.text("DATABASE_URL", f"sqlite:///{data_dir / 'town.db'}")
    if url.startswith(("mysql://", "mariadb://")):
        url = "mysql+pymysql://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "mysql+pymysql://")):
        read.problems.append("DATABASE_URL must begin with sqlite:/// or mysql+pymysql://.")
    if url.startswith("mysql+pymysql://") and "charset=" not in url:
        url += ("&" if "?" in url else "?") + "charset=utf8mb4"
    return url


def _check_platform(settings: Settings, problems: list[str]) -> None:
    """The stand-in platform and the real one never mix (SEC-03, ASVS 15.2.3)."""
    if bool(settings.wechat_official_appid) != bool(settings.wechat_official_secret):
        problems.append(
            "WECHAT_OFFICIAL_APPID and WECHAT_OFFICIAL_SECRET go together: one of them is missing."
        )
    appids = {settings.wechat_mini_appid, settings.wechat_official_appid}
    reserved = {SANDBOX_MINI_APPID, SANDBOX_OFFICIAL_APPID}
    if not settings.sandbox:
        if appids & reserved:
            problems.append("The appid belongs to the stand-in platform, but SANDBOX is off.")
        return
    if settings.is_production:
        problems.append("SANDBOX is on in production: the stand-in platform lets anyone be anyone.")
    if not settings.sandbox_url:
        problems.append("SANDBOX_URL is missing: SANDBOX is on and needs the stand-in's address.")
        return
    if urlsplit(settings.sandbox_url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        problems.append("SANDBOX_URL must be on this machine (127.0.0.1).")
    if appids != reserved:
        problems.append(
            f"SANDBOX is on beside a real appid: it takes only {SANDBOX_MINI_APPID} and {SANDBOX_OFFICIAL_APPID}."
        )
    if settings.wechat_api_base != settings.sandbox_url:
        problems.append("SANDBOX is on, but WECHAT_API_BASE is not SANDBOX_URL.")
    if REAL_WEB_BASE in settings.wechat_web_base:
        problems.append("SANDBOX is on, but WECHAT_WEB_BASE is WeChat's real address.")


def _check_store(settings: Settings, problems: list[str]) -> None:
    if settings.store != "oss":
        return
    for name in ("oss_endpoint", "oss_region", "oss_bucket", "oss_access_key_id", "oss_access_key_secret"):
        if not getattr(settings, name):
            problems.append(f"{name.upper()} is missing: STORE is oss.")
