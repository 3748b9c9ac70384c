"""python -m backend.sandbox --port N [--app-url http://127.0.0.1:8000] [--state-dir var/sandbox]

What is not said comes from the application's own environment: PORT, PUBLIC_BASE_URL, DATA_DIR, WECHAT_MINI_SECRET,
WECHAT_OFFICIAL_SECRET, WECHAT_CALLBACK_TOKEN, WECHAT_CALLBACK_AES_KEY.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import logging
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from backend.sandbox.app import RunningSandbox
from backend.sandbox.config import LOOPBACK, SandboxConfig

HOME = Path(__file__).resolve().parents[2]


def main() -> int:
    """Start the stand-in; returns the exit code."""
    arguments = _arguments()
    problem = _problem(arguments.app_url, os.environ.get("WECHAT_CALLBACK_AES_KEY", ""))
    if problem:
        print(f"sandbox: {problem}", file=sys.stderr)  # noqa: T201  # for the operator at the terminal
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    config = SandboxConfig(
        app_url=arguments.app_url.rstrip("/"),
        public_url=os.environ.get("PUBLIC_BASE_URL", arguments.app_url).rstrip("/"),
        state_file=arguments.state_dir / "platform.db",
        mini_secret=os.environ.get("WECHAT_MINI_SECRET", ""),
        official_secret=os.environ.get("WECHAT_OFFICIAL_SECRET", ""),
        callback_token=os.environ.get("WECHAT_CALLBACK_TOKEN", ""),
        callback_aes_key=os.environ.get("WECHAT_CALLBACK_AES_KEY", ""),
        pages_file=arguments.pages,
    )
    sandbox = RunningSandbox(config, arguments.port)
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    logging.getLogger("sandbox").info("stand-in WeChat platform on %s/sandbox/", sandbox.url)
    try:
        sandbox.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m backend.sandbox", description="A stand-in WeChat platform."
    )
    parser.add_argument("--port", type=int, required=True)
    here = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    parser.add_argument("--app-url", default=here, help=f"our application, on this machine ({here})")
    state = Path(os.environ.get("DATA_DIR") or "var") / "sandbox"
    parser.add_argument("--state-dir", type=Path, default=state, help=f"where to remember ({state})")
    parser.add_argument("--pages", type=Path, default=HOME / "miniprogram" / "src" / "pages.json")
    return parser.parse_args()


def _problem(app_url: str, aes_key: str) -> str | None:
    """Why it does not start, in one sentence."""
    if urlsplit(app_url).hostname not in LOOPBACK:
        return f"--app-url {app_url} is not on this machine; the stand-in lets anyone be anyone and stays at home."
    try:
        good = not aes_key or len(base64.b64decode(aes_key + "=", validate=True)) == 32
    except binascii.Error:
        good = False
    return None if good else "WECHAT_CALLBACK_AES_KEY is not an EncodingAESKey: 43 letters and digits."


if __name__ == "__main__":
    sys.exit(main())
