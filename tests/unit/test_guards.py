"""The hook of every test: whatever leaves while a transaction is open is a failure, by whichever door."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import urllib.request
from collections.abc import Callable

import pytest
import requests
import urllib3
from flask import Flask
from sqlalchemy import text

from backend.kernel.db import db

NOWHERE = "http://127.0.0.1:9/"
DOORS: dict[str, Callable[[], object]] = {
    "requests": lambda: requests.get(NOWHERE, timeout=1),
    "urllib3": lambda: urllib3.PoolManager(retries=False).request("GET", NOWHERE),
    "urllib": lambda: urllib.request.urlopen(NOWHERE, timeout=1),
    "subprocess": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "multiprocessing": lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
}


@pytest.mark.parametrize("door", sorted(DOORS))
def test_nothing_leaves_while_a_transaction_is_open(app: Flask, door: str) -> None:
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="was called while a transaction is open"):
            DOORS[door]()
        db.session.rollback()


@pytest.mark.parametrize("door", ["requests", "urllib3", "urllib"])
def test_without_one_it_leaves_and_finds_nobody(app: Flask, door: str) -> None:
    with app.app_context(), pytest.raises((OSError, urllib3.exceptions.HTTPError)):
        DOORS[door]()


def test_without_one_a_process_runs(app: Flask) -> None:
    with app.app_context():
        DOORS["subprocess"]()
