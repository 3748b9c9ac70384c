"""Runs what the front ends call lint (ESLint and Prettier) and type-check."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from lib.install import node_environment, npm_packages
from lib.say import ROOT, StepFailed

EXPECTED = ("lint", "type-check")
# The API's types are made from docs/openapi.json, never by hand.
GENERATES = {"console": "schema", "miniprogram": "types"}


def types_are_fresh(folder: Path, env: dict[str, str]) -> bool:
    """Make the API's types anew and compare; the file is left as it was."""
    schema = folder / "src" / "api" / "schema.d.ts"
    before = schema.read_bytes() if schema.exists() else b""
    command = ["npm", "run", "--silent", GENERATES[folder.name]]
    done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, check=False)
    fresh = done.returncode == 0 and schema.read_bytes() == before
    schema.write_bytes(before)
    return fresh


def main() -> int:
    """Print what failed; 1 when something did."""
    env = node_environment()
    bad = 0
    for folder in (ROOT / "console", ROOT / "miniprogram"):
        if not (folder / "package.json").exists():
            continue
        try:
            npm_packages(folder, env)
        except StepFailed as failure:
            print(failure)
            return 1
        scripts = json.loads((folder / "package.json").read_text())["scripts"]
        for name in EXPECTED:
            if name not in scripts:
                print(f"{folder.name}/package.json has no script `{name}`")
                bad += 1
                continue
            done = subprocess.run(
                ["npm", "run", "--silent", name],
                cwd=folder, env=env, stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            if done.returncode != 0:
                print(f"{folder.name}: npm run {name} failed")
                bad += 1
        if not types_are_fresh(folder, env):
            print(f"{folder.name}/src/api/schema.d.ts is out of date: npm run {GENERATES[folder.name]}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
