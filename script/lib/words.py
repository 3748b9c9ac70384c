"""Looks through every committed file for what must not be there: keys, machine paths, leftovers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".jpg", ".jpeg", ".gif", ".ico", ".ttf", ".woff", ".woff2", ".webp", ".pdf"}
# Made up, or the sample of WeChat's own documentation.
SAMPLES = {
    "wx0000000000000000",
    "wx0123456789abcdef",
    "wxba5fad812f8e6fb9",
    # of Tencent's published samples of the message cipher
    "wx5823bf96d3bd56c7",
    "wx2c2769f8efd9abc2",
    "wxb11529c136998cb6",
}
# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a path of somebody's machine": re.compile("/" + r"(?:work|tmp/house)/"),
    "a merge left unfinished": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "a private key": re.compile("-----BEGIN " + r"[A-Z ]*PRIVATE KEY-----"),
    "an access key of a cloud": re.compile(r"\bLTAI[0-9A-Za-z]{12,}"),
    "a real appid of WeChat": re.compile(r"\bwx[0-9a-f]{16}\b"),
    "a debugger": re.compile(r"^\s*(?:breakpoint\(\)|import pdb|debugger;)", re.MULTILINE),
    "a test that is switched off for good": re.compile(r"\b(?:it|test|describe)\.only\("),
}


LOCK_FILES = re.compile(r'"resolved": "(?!https://registry\.npmjs\.org/)')


def committed_files() -> list[Path]:
    """Every file that git knows, and that is text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return [path for path in paths if path.suffix not in BINARY and path.is_file()]


def main() -> int:
    """Print every find as file:line; 1 when there was one."""
    found = 0
    for path in committed_files():
        text = path.read_text("utf-8", "replace")
        patterns = FORBIDDEN | ({"one machine's registry": LOCK_FILES} if path.suffix == ".json" else {})
        for what, pattern in patterns.items():
            for match in pattern.finditer(text):
                if match.group(0) in SAMPLES:
                    continue
                line = text.count("\n", 0, match.start()) + 1
                print(f"{path.relative_to(ROOT)}:{line}: {what}: {match.group(0).strip()[:60]}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
