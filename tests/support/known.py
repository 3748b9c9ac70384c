"""Values that exist, for requests that were made up: half of what a machine invents should meet a real row."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.kernel.db import db, transaction
from backend.workflow.kinds import all_kinds

#: how often an invented value is replaced by one that exists
OFTEN = 0.6


@dataclass
class Known:
    """Ids by table, and words by the name of the field that they belong to."""

    ids: dict[str, list[str]]
    words: dict[str, list[Any]]

    def put_into(self, value: Any, chance: random.Random, name: str = "") -> Any:
        """`value` with some of its parts, by the names of their fields, replaced by ones that exist."""
        if isinstance(value, Mapping):
            return {key: self.put_into(part, chance, str(key)) for key, part in value.items()}
        if isinstance(value, list):
            return [self.put_into(part, chance, name.removesuffix("s")) for part in value]
        known = self._like(name)
        return chance.choice(known) if known and chance.random() < OFTEN else value

    def _like(self, name: str) -> list[Any]:
        if name in self.words:
            return self.words[name]
        stem, is_id, _ = name.partition("_id")
        if not is_id:
            return []
        fitting = [rows for table, rows in self.ids.items() if stem in table]
        return [row for rows in fitting or self.ids.values() for row in rows]


def known_values(app: Flask, most: int = 30) -> Known:
    """Everything that the database holds by now, at most so many rows of a table."""
    with app.app_context(), transaction(writing=False):
        ids = {
            table.name: [str(i) for i in db.session.scalars(select(table.c.id).limit(most))]
            for table in db.metadata.sorted_tables
            if "id" in table.c
        }
        codes = {
            table.name: list(db.session.scalars(select(table.c.code).limit(most)))
            for table in db.metadata.sorted_tables
            if "code" in table.c
        }
    actions = [edge.action for kind in all_kinds() for edge in kind.table.edges]
    states = [state.code for kind in all_kinds() for state in kind.table.states]
    words: dict[str, list[Any]] = {
        "town": ["dongwan", "xiwan"],
        "action": actions,
        "state": states,
        "version": list(range(1, 12)),
        "code": codes["cases"],
        "category": codes["report_categories"],
        "category_code": codes["report_categories"],
        "lon": [117.21],
        "lat": [35.005],
    }
    return Known({name: rows for name, rows in ids.items() if rows}, words)
