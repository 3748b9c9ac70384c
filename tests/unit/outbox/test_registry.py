"""Who handles which kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.outbox import registry
from backend.outbox.registry import Job, handler_of, handles

JOB = Job(1, "test.kind", {"n": 1}, None, None, 1, 0, datetime(2026, 3, 10, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_handlers", {})
    monkeypatch.setattr(registry, "_names", {})


def test_a_function_handles_a_job_in_its_finishing_transaction() -> None:
    seen: list[int] = []

    @handles("test.kind")
    def work(job: Job) -> None:
        seen.append(job.payload["n"])

    handler = handler_of("test.kind")
    assert handler is not None
    assert handler.prepare(JOB) is None
    handler.complete(JOB, None)
    assert seen == [1]


def test_any_object_with_the_methods_will_do() -> None:
    class Duck:
        repeatable = False

        def prepare(self, job: Job) -> object:
            return lambda: job.payload["n"] + 1

        def complete(self, job: Job, result: int) -> None:
            self.result = result

    duck = Duck()
    handles("test.kind")(duck)
    handler = handler_of("test.kind")
    assert handler is not None
    assert handler.repeatable is False
    call = handler.prepare(JOB)
    assert call is not None
    handler.complete(JOB, call())
    assert duck.result == 2


def test_one_kind_has_one_handler() -> None:
    @handles("test.kind")
    def first(job: Job) -> None: ...

    handles("test.kind")(first)  # the same again: an application made twice

    def second(job: Job) -> None: ...

    with pytest.raises(RuntimeError, match=r"test\.kind"):
        handles("test.kind")(second)


def test_a_kind_nobody_handles() -> None:
    assert handler_of("from.a.newer.release") is None
