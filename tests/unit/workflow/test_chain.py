"""The chain within one subject: what was altered shows, what was hidden still verifies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backend.workflow.chain import START, ChainRow, commit, content, link, new_salt, verify

BEGUN = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def chain(notes: list[str]) -> list[ChainRow]:
    rows, before = [], START
    for seq, note in enumerate(notes, start=1):
        said = content("分流甲", "镇便民服务中心", note, {"unit": "城管所", "photos": 2})
        salt, at = new_salt(), BEGUN + timedelta(minutes=seq)
        commitment = commit(salt, said)
        before = link(before, seq, at, "note", "submitted", commitment)
        rows.append(ChainRow(seq, at, "note", "submitted", commitment, before, salt, said))
    return rows


ROWS = chain(["一", "二", "三", "四"])
Change = Callable[[ChainRow], ChainRow]


def test_an_untouched_chain_holds() -> None:
    assert verify(ROWS) is None
    assert verify([]) is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda r: replace(r, content={**(r.content or {}), "note": "改过"}), "an altered note"),
        (lambda r: replace(r, content={**(r.content or {}), "actor_name": "别人"}), "another name"),
        (lambda r: replace(r, content={**(r.content or {}), "data": {}}), "other data"),
        (lambda r: replace(r, at=r.at + timedelta(microseconds=1)), "another moment"),
        (lambda r: replace(r, action="handle"), "another action"),
        (lambda r: replace(r, to_state="closed"), "another state"),
        (lambda r: replace(r, commitment="0" * 64), "another commitment"),
        (lambda r: replace(r, chain="0" * 64), "another hash"),
        (lambda r: replace(r, salt="00" * 16), "another salt"),
    ],
)
@pytest.mark.parametrize("which", [0, 2, 3])
def test_what_was_altered_is_named(change: Change, what: str, which: int) -> None:
    rows = [change(row) if n == which else row for n, row in enumerate(ROWS)]
    assert verify(rows) == which + 1, what


def test_a_note_altered_together_with_its_commitment_breaks_the_chain() -> None:
    forged = {**(ROWS[1].content or {}), "note": "改过"}
    salt = ROWS[1].salt or ""
    rows = [ROWS[0], replace(ROWS[1], content=forged, commitment=commit(salt, forged)), *ROWS[2:]]
    assert verify(rows) == 2


def test_a_row_forged_with_all_its_hashes_breaks_the_next_one() -> None:
    before, real = ROWS[0].chain, ROWS[1]
    forged = {**(real.content or {}), "note": "改过"}
    commitment = commit(real.salt or "", forged)
    chained = link(before, real.seq, real.at, real.action, real.to_state, commitment)
    row = replace(real, content=forged, commitment=commitment, chain=chained)
    assert verify([ROWS[0], row]) is None  # at the chain's end nothing within it can tell: the seals do
    assert verify([ROWS[0], row, *ROWS[2:]]) == 3


def test_a_removed_row_shows() -> None:
    assert verify([*ROWS[:1], *ROWS[2:]]) == 2
    assert verify(ROWS[1:]) == 1
    # numbered anew, the hashes tell
    closed_up = [row if n == 0 else replace(row, seq=n + 1) for n, row in enumerate([ROWS[0], *ROWS[2:]])]
    assert verify(closed_up) == 2


def test_rows_in_another_order_show() -> None:
    assert verify([ROWS[0], ROWS[2], ROWS[1], ROWS[3]]) == 2
    swapped = [ROWS[0], replace(ROWS[2], seq=2), replace(ROWS[1], seq=3), ROWS[3]]
    assert verify(swapped) == 2


def test_hidden_rows_verify_by_their_commitment_alone() -> None:
    hidden = [row if n % 2 else replace(row, salt=None, content=None) for n, row in enumerate(ROWS)]
    assert verify(hidden) is None
    forged = [*hidden[:2], replace(hidden[2], commitment="1" * 64), hidden[3]]
    assert verify(forged) == 3


def test_the_same_note_twice_has_two_commitments() -> None:
    first, second = chain(["同一句", "同一句"])
    assert first.commitment != second.commitment


def test_the_order_of_keys_means_nothing() -> None:
    salt = new_salt()
    one = {"a": 1, "b": {"c": [{"x": 1, "y": 2}], "d": "二"}}
    other = {"b": {"d": "二", "c": [{"y": 2, "x": 1}]}, "a": 1}
    assert commit(salt, one) == commit(salt, other)


def test_who_acted_is_checked_without_being_told() -> None:
    inner, salt = new_salt(), new_salt()
    told = content("分流甲", "镇便民服务中心", "已派人去看", {"staff_id": "7"}, inner)
    assert set(told) == {"unit_name", "note", "inside"}
    assert "分流甲" not in str(told)
    commitment = commit(salt, told)
    other = content("分流乙", "镇便民服务中心", "已派人去看", {"staff_id": "7"}, inner)
    assert commit(salt, other) != commitment, "another clerk is another commitment"
    moved = content("分流甲", "镇便民服务中心", "已派人去看", {"staff_id": "8"}, inner)
    assert commit(salt, moved) != commitment
