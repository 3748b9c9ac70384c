"""How long and how hard a storm blows: short in the test run, as long as asked by script/faults."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

#: what the test run has time for
CHANGES = 300
LONGEST_SECONDS = 120.0
WEB_KILLS, WORKER_KILLS = 10, 6
#: so much more than what must be reached is aimed at
SPARE = 1.3
#: a slow machine may take this many times the time for them
PATIENCE = 1.5
# In a long storm, seconds between two of a kind, on the average.
WEB_EVERY, WORKER_EVERY, STOP_EVERY, DATABASE_EVERY = 6.0, 10.0, 80.0, 60.0
#: longer than a lease (30 s): the woken worker must find that its jobs are somebody else's
STOPPED_SECONDS = 36.0


@dataclass(frozen=True)
class Plan:
    """`seconds` is 0 when the storm ends with its last change."""

    seed: int
    changes: int
    seconds: float

    @property
    def is_long(self) -> bool:
        """With SIGSTOP, restarts of the database and faults of the platform, by the clock."""
        return self.seconds > 0

    @property
    def longest(self) -> float:
        """Seconds after which the clients stop, whatever was reached."""
        return self.seconds * PATIENCE or LONGEST_SECONDS

    def is_over(self, changes: int, seconds: float) -> bool:
        """Whether all that was wanted has been: the changes, and the time where one was given."""
        return (changes >= self.changes and seconds >= self.seconds) or seconds >= self.longest

    def is_ahead(self, changes: int, seconds: float) -> bool:
        """Whether a long storm may take a breath: it spreads its changes, and some more, over its time."""
        return self.is_long and changes > SPARE * self.changes * seconds / self.seconds

    def kills_by_change(self) -> list[tuple[float, str]]:
        """After how many changes whom to kill -9."""
        chance = random.Random(self.seed)
        victims = ["web"] * WEB_KILLS + ["worker"] * WORKER_KILLS
        chance.shuffle(victims)
        moments = chance.sample(range(5, self.changes - 5), len(victims))
        return list(zip(map(float, sorted(moments)), victims, strict=True))

    def kills_by_time(self) -> list[tuple[float, str]]:
        """After how many seconds what is done to whom."""
        chance = random.Random(self.seed)
        planned: list[tuple[float, str]] = []
        for what, every in (
            ("web", WEB_EVERY), ("worker", WORKER_EVERY), ("stop", STOP_EVERY), ("database", DATABASE_EVERY)
        ):  # fmt: skip
            at = chance.uniform(0.3, 0.9) * every
            while at < self.longest - 5:
                planned.append((at, what))
                at += every * (1 if what == "database" else chance.uniform(0.6, 1.4))
        return sorted(planned)


def plan() -> Plan:
    """What the environment asks for: STORM_SEED, STORM_CHANGES, STORM_MINUTES."""
    return Plan(
        int(os.environ.get("STORM_SEED") or random.randrange(10**6)),
        int(os.environ.get("STORM_CHANGES") or CHANGES),
        float(os.environ.get("STORM_MINUTES") or 0) * 60,
    )
