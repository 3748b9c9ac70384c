"""Ids that grow, and codes that people can spell."""

from __future__ import annotations

import os
import threading
from datetime import timedelta

import pytest

from backend.kernel import ids
from backend.kernel.clock import FrozenClock
from backend.kernel.errors import NotFound


@pytest.fixture
def generator(clock: FrozenClock) -> ids._Generator:
    made = ids._Generator()
    made.node, made.pid = 5, os.getpid()
    return made


def parts(made: int) -> tuple[int, int, int]:
    return made >> 22, made >> 12 & 1023, made & 4095


def test_an_id_holds_moment_node_and_sequence(generator: ids._Generator, clock: FrozenClock) -> None:
    millisecond = int((clock.now() - ids.EPOCH).total_seconds() * 1000)
    assert parts(generator.next()) == (millisecond, 5, 0)
    assert parts(generator.next()) == (millisecond, 5, 1)
    clock.advance(timedelta(milliseconds=2))
    assert parts(generator.next()) == (millisecond + 2, 5, 0)


def test_an_id_fits_63_bits_for_decades(generator: ids._Generator, clock: FrozenClock) -> None:
    clock.move_to(ids.EPOCH + timedelta(days=365 * 69))
    generator.node = 1023
    assert 0 < generator.next() < 2**63


def test_4096_in_one_millisecond_go_on_in_the_next(generator: ids._Generator) -> None:
    made = [generator.next() for _ in range(4096 + 10)]
    assert made == sorted(set(made))
    first, last = parts(made[0]), parts(made[-1])
    assert parts(made[4095]) == (first[0], 5, 4095)
    assert last == (first[0] + 1, 5, 9)


def test_a_clock_that_goes_back_goes_on_from_the_last_value(
    generator: ids._Generator, clock: FrozenClock
) -> None:
    before = generator.next()
    clock.advance(timedelta(hours=-1))
    after = [generator.next() for _ in range(5000)]
    assert [before, *after] == sorted({before, *after})


def test_threads_never_share_an_id(generator: ids._Generator) -> None:
    made: list[int] = []

    def work() -> None:
        made.extend(generator.next() for _ in range(500))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


def test_no_id_without_a_node(clock: FrozenClock) -> None:
    with pytest.raises(RuntimeError, match="no node is leased"):
        ids._Generator().next()


def test_a_forked_process_must_lease_its_own_node(generator: ids._Generator) -> None:
    generator.pid = os.getpid() + 1  # as it looks in the child of a fork
    with pytest.raises(RuntimeError, match="no node is leased"):
        generator.next()


@pytest.mark.parametrize("text", ["0", "7", str(2**63 - 1)])
def test_an_id_is_read(text: str) -> None:
    assert ids.parse_id(text) == int(text)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "abc", "１２", " 1", str(2**63), "9" * 19, "1" * 5000])
def test_what_is_no_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        ids.parse_id(text)


def test_a_code_is_twelve_characters_that_cannot_be_misread() -> None:
    codes = {ids.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 12 and set(code) <= set(ids.CODE_ALPHABET) for code in codes)
    assert not set(ids.CODE_ALPHABET) & set("ILOU")


def test_a_code_is_shown_in_threes() -> None:
    assert ids.show_code("7KQ4M2XN9ABC") == "7KQ4-M2XN-9ABC"


@pytest.mark.parametrize(
    "typed", ["7KQ4M2XN9A10", "7kq4-m2xn-9a10", " 7KQ4 M2XN 9AIO ", "7kq4m2xn9alo", "7KQ4—M2XN—9A1O"]
)
def test_what_a_person_types_is_forgiven(typed: str) -> None:
    assert ids.read_code(typed) == "7KQ4M2XN9A10"
