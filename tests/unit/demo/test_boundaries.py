"""The drawn town: everything hangs together, nothing overlaps, the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from backend.demo.boundaries import Plan, draw
from backend.demo.towns import BEIHE, chinese_number, write_towns

ROOT = Path(__file__).resolve().parents[3]


def test_the_parts_fill_the_whole_without_gap_or_overlap() -> None:
    drawn = draw(BEIHE.plan)
    for parts in (drawn.areas, drawn.villages, drawn.grids, drawn.micro_grids):
        assert sum(part.area for part in parts) == pytest.approx(drawn.outline.area, rel=1e-6)
        assert all(part.geom_type == "Polygon" and part.is_valid for part in parts)
        assert shapely.coverage_is_valid(parts)


def test_the_committed_files_are_what_the_program_draws(tmp_path: Path) -> None:
    for written in write_towns(tmp_path):
        committed = ROOT / "config" / written.relative_to(tmp_path)
        assert written.read_text(encoding="utf-8") == committed.read_text(encoding="utf-8"), committed.name


def test_a_plan_that_cannot_be_drawn_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.demo.boundaries.TRIES", 0)
    with pytest.raises(RuntimeError, match="change the plan's seed"):
        draw(Plan(1, (117, 35), 1000, 1000, (1,), (1,), (1,)))


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (38, "三十八")]
)
def test_numbers_in_chinese(number: int, word: str) -> None:
    assert chinese_number(number) == word
