"""Runs what the front ends call lint (ESLint and Prettier) and type-check."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from lib.install import node_environment, npm_packages
from lib.say import ROOT, StepFailed

EXPECTED = ("lint", "type-check")
# The API's types are made from docs/openapi.json, never by hand.
GENERATES = {"console": "schema", "miniprogram": "types"}


def npm_run(folder: Path, name: str, env: dict[str, str]) -> tuple[bool, str]:
    """Whether the script ended well, and what it said."""
    done = subprocess.run(
        ["npm", "run", "--silent", name],
        cwd=folder, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout


def types_are_fresh(folder: Path, env: dict[str, str]) -> bool:
    """Make the API's types anew and compare; the file is left as it was."""
    schema = folder / "src" / "api" / "schema.d.ts"
    before = schema.read_bytes() if schema.exists() else b""
    made, _ = npm_run(folder, GENERATES[folder.name], env)
    fresh = made and schema.read_bytes() == before
    schema.write_bytes(before)
    return fresh


def faults(folder: Path, env: dict[str, str]) -> list[str]:
    """What is wrong with one of them."""
    try:
        npm_packages(folder, env)
    except StepFailed as failure:
        return [str(failure)]
    found = []
    scripts = json.loads((folder / "package.json").read_text())["scripts"]
    for name in EXPECTED:
        if name not in scripts:
            found.append(f"{folder.name}/package.json has no script `{name}`")
            continue
        passed, said = npm_run(folder, name, env)
        if not passed:
            found.append(f"{said}{folder.name}: npm run {name} failed")
    if not types_are_fresh(folder, env):
        found.append(f"{folder.name}/src/api/schema.d.ts is out of date: npm run {GENERATES[folder.name]}")
    return found


def main() -> int:
    """Print what failed in either, looked at side by side; 1 when something did."""
    env = node_environment()
    with ThreadPoolExecutor() as pool:
        looks = [pool.submit(faults, ROOT / name, env) for name in GENERATES]
        found = [line for look in looks for line in look.result()]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
