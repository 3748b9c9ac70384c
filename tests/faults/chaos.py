"""What goes wrong in a storm: kill -9, SIGSTOP, a database that is shot, a platform that fails or answers nobody."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lib.programs import worker as worker_program

from tests.faults.plan import STOPPED_SECONDS, Plan
from tests.faults.storm import Ledger
from tests.faults.world import World
from tests.support.services import MariaDB
from tests.support.town import TownError

#: in a long storm the platform fails once, and loses an answer once, for so many changes: about 5 % of the sends
FAULT_EVERY = 10
SENDS = ("subscribe_send", "template_send")
#: so many changes come through between two deeds of a long storm: a busy machine needs longer to stand up again
BETWEEN = 12
SECOND = "worker2"


class Chaos:
    """Does what the plan says, and starts again what has ended, as systemd does.

    granian starts a killed process again by itself, but ends when the same one dies twice within seconds.
    Lives in the thread that started the programs: they are sent a SIGTERM when theirs ends.
    """

    def __init__(self, world: World, ledger: Ledger, plan: Plan, mariadb: MariaDB) -> None:
        self.world, self.town, self.ledger, self.plan, self.mariadb = world, world.town, ledger, plan, mariadb
        self.chance = random.Random(plan.seed)
        self.planned = plan.kills_by_time() if plan.is_long else plan.kills_by_change()
        self.done: Counter[str] = Counter()
        self.restarts: Counter[str] = Counter()
        self.stopped: dict[str, float] = {}  # worker → when it is woken
        self.faults = 0
        self.reached = 0  # changes at the last deed
        self.begun = time.monotonic()
        if plan.is_long:
            self._second_worker()

    def _second_worker(self) -> None:
        """So that somebody takes over what a stopped worker holds."""
        program = self.town.programs[SECOND] = worker_program(self.town.env)
        program.log = self.town.folder / f"{SECOND}.log"
        program.start()

    def watch(self, clients: Sequence[threading.Thread]) -> None:
        """Go on until the last client has ended."""
        while any(client.is_alive() for client in clients):
            self.look_after()
            clients[0].join(0.02)
            if self.plan.is_long:
                self._trouble_the_platform()
            if self.planned and self._now() >= self.planned[0][0] and self._stands():
                time.sleep(self.chance.uniform(0, 0.2))  # anywhere within what is under way
                self._do(self.planned.pop(0)[1])
                self.reached = len(self.ledger)
        for name in list(self.stopped):
            self._wake(name)
        self.look_after()

    def stand_up(self) -> None:
        """Return when the server answers; granian may give up once more after the last kill."""
        for _ in range(5):
            self.look_after()
            try:
                return self.town.wait_until_ready()
            except TownError as error:
                failed = error
        raise failed

    def calm(self) -> None:
        """The second worker leaves when nothing is owed any more."""
        program = self.town.programs.pop(SECOND, None)
        if program is not None:
            program.end()

    def _now(self) -> float:
        return time.monotonic() - self.begun if self.plan.is_long else len(self.ledger)

    def _stands(self) -> bool:
        return not self.plan.is_long or len(self.ledger) - self.reached >= BETWEEN

    def look_after(self) -> None:
        """Start again what has ended, wake who has slept long enough."""
        for name, until in list(self.stopped.items()):
            if time.monotonic() >= until:
                self._wake(name)
        for name in {"web", "worker", SECOND} & self.town.programs.keys():
            program = self.town.programs[name]
            if not program.running:
                program.signal(signal.SIGKILL)  # its children hold the port
                program.start()
                self.restarts[name] += 1

    def _wake(self, name: str) -> None:
        del self.stopped[name]
        self.town.programs[name].signal(signal.SIGCONT)

    def _do(self, what: str) -> None:
        if what == "web":
            children = web_processes(self.town.programs["web"].process)
            if not children:
                return  # both are just being started again
            os.kill(self.chance.choice(children), signal.SIGKILL)
        elif what == "database":
            self.mariadb.kill()
            time.sleep(self.chance.uniform(0, 2))  # for which nobody is there
            self.mariadb.start()
        else:
            awake = sorted({"worker", SECOND} & self.town.programs.keys() - self.stopped.keys())
            name = self.chance.choice(awake)
            if what == "worker":
                self.town.kill(name)
            elif len(awake) > 1:
                self.town.programs[name].signal(signal.SIGSTOP)
                self.stopped[name] = time.monotonic() + STOPPED_SECONDS
        self.done[what] += 1

    def _trouble_the_platform(self) -> None:
        while self.faults < len(self.ledger) // FAULT_EVERY:
            for kind in ("http500", "lost_answer"):
                api = self.chance.choice(SENDS)
                self.world.platform("faults", {"api": api, "kind": kind, "times": 1})
            self.faults += 1


def web_processes(server: Any) -> list[int]:
    """granian's processes that answer requests; granian starts another when one dies."""
    tasks = Path(f"/proc/{server.pid}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]
