"""flask outbox run | status | retry"""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import asdict
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup

from backend.kernel.db import db, run_unit
from backend.kernel.errors import AppError
from backend.kernel.rotation import KeyMissing, demand_ring
from backend.outbox import queries, services
from backend.outbox.worker import Worker, drain

outbox_cli = AppGroup("outbox", help="What must not be lost: the worker, and what it owes.")

THREADS_ON_A_SERVER = 8


@outbox_cli.command("run")
@click.option(
    "--threads", type=click.IntRange(1, 128), default=None, help="Default: 1 on SQLite, 8 otherwise."
)
@click.option("--once", is_flag=True, help="Do what is due now and go.")
def run(threads: int | None, once: bool) -> None:
    """Work on the outbox until told to stop (SIGTERM, SIGINT)."""
    try:
        run_unit(demand_ring)
    except KeyMissing as missing:
        raise click.ClickException(str(missing)) from missing
    if once:
        click.echo(dict(drain()))
        return
    embedded = db.engine.dialect.name == "sqlite"
    if embedded and threads not in (None, 1):
        raise click.UsageError("SQLite has one writer: one thread. Use MariaDB for more.")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app, threads=threads or (1 if embedded else THREADS_ON_A_SERVER))

    def stop(number: int, frame: FrameType | None) -> None:
        # Not in this thread: a signal may come while it holds the very lock that stop() takes.
        threading.Thread(target=worker.stop, name="outbox-stop").start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()


@outbox_cli.command("status")
def status() -> None:
    """Print what is owed, who works on it, which channels rest, and what came to rest undelivered."""
    for name, value in asdict(queries.stats()).items():
        click.echo(f"{name:20} {value}")
    for worker in queries.workers():
        click.echo(
            f"worker {worker.name} threads={worker.threads} seen={worker.seen_at:%Y-%m-%d %H:%M:%SZ} done={worker.done} fenced={worker.fenced}"
        )
    for pause in queries.pauses():
        until = f"{pause.until:%Y-%m-%d %H:%M:%SZ}" if pause.until else "-"
        click.echo(
            f"channel {pause.channel} strikes={pause.strikes} rests until {until}: {pause.error_class} {pause.reason}"
        )
    for job in queries.at_rest():
        click.echo(
            f"{job.state} {job.id} {job.kind} attempts={job.attempts} {job.error_class}: {job.last_error}"
        )


@outbox_cli.command("retry")
@click.argument("job_id", type=int)
def retry(job_id: int) -> None:
    """Send a dead or doubtful job again, on its own row."""
    try:
        run_unit(lambda: services.send_again(job_id))
    except AppError as refusal:
        click.echo(f"job {job_id}: {refusal.code}", err=True)
        sys.exit(1)
    click.echo(f"job {job_id} is due now")
