"""Keeps a handful of programs running: starts a dead one again, stops all of them together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lib.say import LOGS, ROOT, say

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 15.0
QUICK_DEATH_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 30.0


def _die_with_parent() -> None:
    """Linux sends the child SIGTERM when the supervisor is killed, so that nothing is left behind."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Program:
    """One program that is to be running."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    deaths: int = 0
    again_at: float = field(default=0.0)
    log: Path | None = None  # var/logs/<name>.log unless told

    def start(self) -> None:
        """Start it in a process group of its own, its output going to its log."""
        path = self.log or LOGS / f"{self.name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if os.name == "posix" else None,
            )
        self.begun = time.monotonic()

    def signal(self, number: int) -> None:
        """Send `number` to the program and all its children."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return  # it had ended already

    def end(self, seconds: float = GRACE_SECONDS) -> None:
        """Ask it to end, and kill it and its children when it does not."""
        self.signal(signal.SIGTERM)
        if self.process is not None:
            try:
                self.process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                say(f"{self.name} did not stop in {seconds:.0f} s: killed")
            self.signal(signal.SIGKILL)
            self.process.wait()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs programs until stop() is called from a signal handler or a test."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self.programs = list(programs)
        self.stopping = threading.Event()

    def start(self) -> None:
        """Start every program."""
        for program in self.programs:
            program.start()

    def watch(self) -> None:
        """Start dead programs again, with a growing pause, until told to stop; then stop all."""
        while not self.stopping.wait(0.5):
            for program in self.programs:
                self._look_after(program)
        self._stop_all()

    def stop(self) -> None:
        """Ask watch() to come to its end."""
        self.stopping.set()

    def _look_after(self, program: Program) -> None:
        if program.running:
            return
        now = time.monotonic()
        if program.process is not None:
            lived = now - program.begun
            program.deaths = program.deaths + 1 if lived < QUICK_DEATH_SECONDS else 1
            pause = min(2.0 ** (program.deaths - 1) - 1, LONGEST_PAUSE_SECONDS)
            program.again_at = now + pause
            program.signal(signal.SIGKILL)  # what its children still hold: the port
            say(
                f"{program.name} ended (exit {program.process.returncode}, see {LOGS / program.name}.log); "
                f"starting it again in {pause:.0f} s"
            )
            program.process = None
        if now >= program.again_at:
            program.start()

    def _stop_all(self) -> None:
        for program in reversed(self.programs):
            program.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for program in self.programs:
            program.end(max(0.1, deadline - time.monotonic()))
