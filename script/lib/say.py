"""Plain words to the person at the terminal, and commands whose output is shown only when they fail."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOGS = VAR / "logs"
START = time.monotonic()
_print_lock = threading.Lock()


class StepFailed(Exception):
    """A step could not be done; the message says which, why, and where the whole output is."""


def say(text: str) -> None:
    """One line with the seconds since the script began."""
    with _print_lock:
        print(f"[{time.monotonic() - START:6.1f} s] {text}", flush=True)


def check_python() -> None:
    """Stop with a sentence when this Python is too old."""
    if sys.version_info < (3, 11):  # noqa: UP036 (said before anything is installed)
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")


def run(
    what: str,
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command with its output in var/logs; raise StepFailed with the last lines when it fails."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (what.replace(" ", "-").replace("/", "-") + ".log")
    begun = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(os.environ if env is None else env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-25:])
        raise StepFailed(f"{what} failed (exit {done.returncode}). Whole output: {log}\n{tail}")
    say(f"{what}: done in {time.monotonic() - begun:.1f} s")


def together(*jobs: Callable[[], None]) -> None:
    """Run jobs at the same time; raise StepFailed with every failure once all have ended."""
    failures: list[str] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except StepFailed as failure:
            failures.append(str(failure))
        except Exception as failure:  # the thread's end must be heard of, whatever it was
            failures.append(f"{type(failure).__name__}: {failure}")

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise StepFailed("\n".join(failures))
