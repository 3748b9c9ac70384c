"""Asks whether the files that are made from code are what the code makes today.

`flask docs check` compares docs/openapi.json and the state diagrams; the front ends' API types are
made anew from docs/openapi.json and compared by script/lib/front_ends.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from lib.environment import town_environment
from lib.install import PYTHON
from lib.say import ROOT


def main() -> int:
    """Run `flask docs check` with throw-away keys and an empty data folder."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATABASE_URL", "REDIS_URL", "MODE"):
            os.environ.pop(name, None)
        env = town_environment(port=8000, sandbox_port=8001, data_dir=Path(folder))
        env["NODE_ID"] = "1"  # there is no database to lease one from
        command = [PYTHON, "-m", "flask", "--app", "backend.wsgi", "docs", "check"]
        return subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
