"""What is wrong with the files: collected, so that an operator mends them all in one round."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One fault: the file, the line (0 when it is the file as a whole) and a sentence."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.text}"


class ConfigProblems(Exception):
    """The files cannot be loaded; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (str(p.path), p.line))
        super().__init__(
            f"配置里有 {len(problems)} 处问题，什么都没有写入：\n" + "\n".join(map(str, self.problems))
        )


class Problems:
    """The list that the readers fill."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: Path, line: int, text: str) -> None:
        """Note one fault."""
        self.found.append(Problem(path, line, text))

    def raise_if_any(self) -> None:
        """ConfigProblems with everything found so far, if anything was."""
        if self.found:
            raise ConfigProblems(self.found)
