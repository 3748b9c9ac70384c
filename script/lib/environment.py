"""The environment the programs run in: random keys made once, the stand-in platform's reserved names."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import string
from pathlib import Path

from lib.say import ROOT, VAR

SANDBOX_MINI_APPID = "wxsandboxmini00001"
SANDBOX_OFFICIAL_APPID = "wxsandboxoffi00001"


def random_keys() -> dict[str, str]:
    """Fresh keys for one installation."""
    letters = string.ascii_letters + string.digits
    return {
        "FIELD_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "BLIND_INDEX_KEYS": f"b1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "SIGNING_KEY": secrets.token_urlsafe(48),
        "WECHAT_MINI_SECRET": secrets.token_hex(16),
        "WECHAT_OFFICIAL_SECRET": secrets.token_hex(16),
        "WECHAT_CALLBACK_TOKEN": secrets.token_hex(12),
        "WECHAT_CALLBACK_AES_KEY": "".join(secrets.choice(letters) for _ in range(43)),
    }


def kept_settings(file: Path) -> dict[str, str]:
    """The NAME=value lines of `file`; made with random keys, readable by its owner only, when missing."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{name}={value}\n" for name, value in random_keys().items())
        new = file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(
            "# Made once by script/server. Whoever loses FIELD_KEYS loses the names and telephone numbers.\n"
            + lines
        )
        new.replace(file)
    pairs = (line.partition("=") for line in file.read_text().splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def free_port(wanted: int = 0) -> int:
    """`wanted` when nothing listens there, otherwise any free port of this machine."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def town_environment(
    *, port: int, sandbox_port: int, data_dir: Path = VAR, mode: str = "development"
) -> dict[str, str]:
    """Everything the programs need, on top of this process's own environment, which wins."""
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    public = os.environ.get("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    defaults = {
        **kept_settings(data_dir / "settings.env"),
        "MODE": mode,
        "DATA_DIR": str(data_dir),
        "TOWN_CONFIG": str(ROOT / "config"),
        "PUBLIC_BASE_URL": public,
        "PYTHONUNBUFFERED": "1",
    }
    if os.environ.get("SANDBOX", "on") == "on":
        defaults |= {
            "SANDBOX": "on",
            "SANDBOX_URL": sandbox,
            "WECHAT_API_BASE": sandbox,
            "WECHAT_WEB_BASE": f"{public}/sandbox",
            "WECHAT_MINI_APPID": SANDBOX_MINI_APPID,
            "WECHAT_OFFICIAL_APPID": SANDBOX_OFFICIAL_APPID,
            "MINIPROGRAM_STATE": "developer",
        }
    return {**defaults, **os.environ, "PORT": str(port)}
