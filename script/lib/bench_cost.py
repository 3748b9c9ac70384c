"""What requests cost: CPU time of processes by their own accounting, and resident memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lib.bench_load import Load
from tests.support.town import family

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """CPU milliseconds a request, of the web server's processes and of the database's."""

    web: float
    database: float

    @property
    def together(self) -> float:
        """Both."""
        return self.web + self.database


def cpu_seconds(pids: Iterable[int]) -> float:
    """What the processes have used so far, in user and kernel mode."""
    return sum(_ticks(pid) for pid in pids) / TICKS


def _ticks(pid: int) -> int:
    # The second field is the program's name in parentheses and may hold blanks.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


class Meter:
    """Adds up what requests cost over several rounds."""

    def __init__(self, web: int, database: int) -> None:
        self.web, self.database = web, database
        self.seconds = [0.0, 0.0]
        self.requests = 0

    def during(self, load: Callable[[], Load]) -> Load:
        """Measure one round of load."""
        before = self._now()
        found = load()
        for which, (now, then) in enumerate(zip(self._now(), before, strict=True)):
            self.seconds[which] += now - then
        self.requests += found.requests
        return found

    def cost(self) -> Cost:
        """The mean over all rounds."""
        web, database = (seconds * 1000 / self.requests for seconds in self.seconds)
        return Cost(web, database)

    def _now(self) -> tuple[float, float]:
        return cpu_seconds(family(self.web)), cpu_seconds([self.database])


def resident_megabytes(pid: int) -> float:
    """The heaviest of a program's processes, resident, with all it shares."""
    found = [Path(f"/proc/{one}/status").read_text().splitlines() for one in family(pid)]
    return max(int(line.split()[1]) for lines in found for line in lines if line.startswith("VmRSS:")) / 1024
