"""CSV and TOML with line numbers: values are taken one by one, every complaint is collected."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backend.places.files.problems import Problems

_TABLE = re.compile(r"^\s*\[\[?\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")


def read_text(path: Path, problems: Problems, *, needed: bool = True) -> str | None:
    """The file's text as UTF-8 (a spreadsheet's BOM is dropped); None when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if needed:
            problems.add(path, 0, "缺少这个文件")
    except UnicodeDecodeError:
        problems.add(path, 0, "不是 UTF-8 编码，请另存为“CSV UTF-8”或 UTF-8 文本")
    return None


class Row:
    """One line of a CSV, or one table of a TOML file, with the place it stands at."""

    def __init__(
        self, path: Path, line: int, values: Mapping[str, Any], problems: Problems, lines: Mapping[str, int]
    ) -> None:
        self.path, self.line, self.values, self._problems, self._lines = path, line, values, problems, lines

    def complain(self, text: str, key: str = "") -> None:
        """Note a fault at this row, or at the row's key where the file has lines for keys."""
        self._problems.add(self.path, self._lines.get(key, self.line), text)

    def text(self, key: str, *, needed: bool = True, longest: int = 200) -> str:
        """A trimmed text; a complaint when it is missing or too long."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            self.complain(f"“{key}”应当是文字，请加引号", key)
            return ""
        value = (value or "").strip()
        if needed and not value:
            self.complain(f"“{key}”没有填写", key)
        if len(value) > longest:
            self.complain(f"“{key}”太长了：{len(value)} 个字，最多 {longest} 个", key)
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words; the default when nothing is written."""
        value = self.text(key, needed=default is None) or (default or "")
        if value and value not in allowed:
            self.complain(f"“{key}”写的是“{value}”，只能是：{'、'.join(allowed)}", key)
            return default or allowed[0]
        return value or allowed[0]

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.complain(f"“{key}”只能是 true 或 false", key)
            return default
        return value

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within limits."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.complain(f"“{key}”应当是 {low} 到 {high} 之间的整数", key)
            return low
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, [] when absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.complain(f"“{key}”应当是用方括号括起来的一组文字", key)
            return ()
        return tuple(v.strip() for v in value if v.strip())

    def table(self, key: str) -> Row | None:
        """A nested table such as `limit = { amount = 5, unit = "working_day" }`."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.complain(f"“{key}”应当写成 {{ … }}", key)
            return None
        line = self._lines.get(key, self.line)
        return Row(self.path, line, value, self._problems, {})

    def only(self, known: tuple[str, ...]) -> None:
        """Complain about words nobody reads: usually a slip of the pen."""
        for key in self.values:
            if key not in known:
                self.complain(f"不认识的项“{key}”，可用的有：{'、'.join(known)}", str(key))


def csv_rows(
    path: Path, columns: tuple[str, ...], problems: Problems, *, needed: bool = True
) -> Iterator[Row]:
    """The lines of a CSV with a header; empty lines and lines beginning with # are skipped."""
    text = read_text(path, problems, needed=needed)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text), strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = cells
                missing = [c for c in columns if c not in header]
                if missing:
                    problems.add(path, reader.line_num, f"表头缺少：{'、'.join(missing)}")
                    return
                continue
            if len(cells) != len(header):
                text = f"这一行有 {len(cells)} 格，表头有 {len(header)} 格，多半是少了或多了逗号"
                problems.add(path, reader.line_num, text)
                continue
            yield Row(path, reader.line_num, dict(zip(header, cells, strict=True)), problems, {})
    except csv.Error as error:
        problems.add(path, reader.line_num, f"不是合格的 CSV：{error}")
    if header is None:
        problems.add(path, 0, "文件是空的，至少要有表头：" + ",".join(columns))


class TomlFile:
    """A parsed TOML file that still knows on which line each table and key stands."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path, self._problems = path, problems
        self.data: dict[str, Any] | None = None
        self._tables: dict[str, list[tuple[int, dict[str, int]]]] = {}
        text = read_text(path, problems)
        if text is None:
            return
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            problems.add(path, int(found[1]) if found else 0, f"TOML 写法有误：{error}")
            return
        self._index(text)

    def row(self, name: str, *, needed: bool = True) -> Row | None:
        """The single table [name]."""
        value = (self.data or {}).get(name)
        if not isinstance(value, dict):
            if self.data is not None and (needed or value is not None):
                self._problems.add(self.path, 0, f"缺少 [{name}] 这一节")
            return None
        line, keys = self._place(name, 0)
        return Row(self.path, line, value, self._problems, keys)

    def rows(self, name: str) -> Iterator[Row]:
        """The tables [[name]], in order."""
        values = (self.data or {}).get(name, [])
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            self._problems.add(self.path, self._place(name, 0)[0], f"“{name}”要写成 [[{name}]]")
            return
        for index, value in enumerate(values):
            line, keys = self._place(name, index)
            yield Row(self.path, line, value, self._problems, keys)

    def _place(self, name: str, index: int) -> tuple[int, dict[str, int]]:
        places = self._tables.get(name, [])
        return places[index] if index < len(places) else (0, {})

    def _index(self, text: str) -> None:
        keys: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if table := _TABLE.match(line):
                keys = {}
                self._tables.setdefault(table[1], []).append((number, keys))
            elif key := _KEY.match(line):
                keys.setdefault(key[1], number)
