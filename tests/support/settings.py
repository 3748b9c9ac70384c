"""Settings of a test: throw-away keys, the stand-in platform's reserved names, nothing of the machine."""

from __future__ import annotations

import base64
from pathlib import Path

# Nobody listens there: a call that gets past the recording platform fails at once.
NOWHERE = "http://127.0.0.1:9"


def _key(name: str) -> str:
    return base64.b64encode(name.encode().ljust(32, b"-")).decode()


def environment_of_tests(database_url: str, data_dir: Path, **more: str) -> dict[str, str]:
    """The environment that config.settings.load() reads in tests; `more` overrides."""
    return {
        "MODE": "test",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data_dir),
        "TOWN_CONFIG": str(Path(__file__).resolve().parents[1] / "town"),
        "PUBLIC_BASE_URL": "http://localhost",
        "FIELD_KEYS": f"t1:{_key('field')}",
        "BLIND_INDEX_KEYS": f"t1:{_key('blind')}",
        "SIGNING_KEY": "a-key-that-signs-nothing-but-tests-0123456789",
        "SANDBOX": "on",
        "SANDBOX_URL": NOWHERE,
        "WECHAT_API_BASE": NOWHERE,
        "WECHAT_WEB_BASE": f"{NOWHERE}/sandbox",
        "WECHAT_MINI_APPID": "wxsandboxmini00001",
        "WECHAT_MINI_SECRET": "mini-secret-of-tests",
        "WECHAT_OFFICIAL_APPID": "wxsandboxoffi00001",
        "WECHAT_OFFICIAL_SECRET": "official-secret-of-tests",
        "WECHAT_CALLBACK_TOKEN": "callback-token",
        "WECHAT_CALLBACK_AES_KEY": "a" * 43,
        "MINIPROGRAM_STATE": "developer",
        "NODE_ID": "1",
        "CALL_BACK_PERCENT": "0",  # tests of the sample ask for it
        **more,
    }
