"""Walls (§8.1): no person-level risk, key-person, stability or 上访 field; no list of a person's petitions to others.

Every table and every schema of the API is walked, and every route; the words are looked for in names, in
Chinese labels, and in the choices that fields allow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.kernel.db import db
from backend.petitions.models import Petition
from backend.workflow.kinds import all_kinds
from tests.support.permissions import ROUTES

#: what would be said of a person; "status" and "statistics" are no stability
FORBIDDEN = (
    r"risk",
    r"key_?person",
    r"focus_?(person|resident|people)",
    r"stabil",
    r"wei_?wen",
    r"shangfang",
    r"petitioner_?(count|level|score|tag|history)",
    r"(person|resident|citizen|petitioner)_?(score|level|grade|tag|label|colour|color|danger|threat)",
    r"black_?list",
    r"troublemaker",
    r"repeat_?petitioner",
    r"control_?level",
)
FORBIDDEN_WORDS = (
    "上访",
    "重点人",
    "稳控",
    "维稳",
    "风险等级",
    "缠访",
    "闹访",
    "信访老户",
    "黑名单",
    "重点关注人",
)
BACKEND = Path(__file__).resolve().parents[2] / "backend"


def is_forbidden(name: str) -> bool:
    return any(re.search(pattern, name.lower()) for pattern in FORBIDDEN)


@pytest.mark.parametrize(
    "name",
    [
        "risk_level",
        "person_risk",
        "key_person",
        "stability_score",
        "resident_tag",
        "is_black_list",
        "shangfang_count",
    ],
)
def test_the_pattern_finds_what_it_is_meant_to_find(name: str) -> None:
    assert is_forbidden(name)


@pytest.mark.parametrize(
    "name", ["state", "status", "repeat_number", "urgent", "resident_id", "level", "score"]
)
def test_and_nothing_else(name: str) -> None:
    assert not is_forbidden(name)


def test_no_column_says_it(app: Flask) -> None:
    columns = {
        f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns
    }
    assert len(columns) > 300, "the tables were not walked"
    assert {name for name in columns if is_forbidden(name)} == set()


def _names_in(node: Any, at: str) -> Iterator[tuple[str, str]]:
    """Every property, choice and description of an API document, with where it stands."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "properties" and isinstance(value, dict):
                yield from ((f"{at}.{name}", name) for name in value)
            if key == "enum" and isinstance(value, list):
                yield from ((at, str(one)) for one in value)
            yield from _names_in(value, f"{at}.{key}")
    elif isinstance(node, list):
        for one in node:
            yield from _names_in(one, at)


def test_no_schema_says_it(app: Flask) -> None:
    document: Any = app.test_client().get("/openapi.json").json
    found = list(_names_in(document, ""))
    assert len(found) > 1000, "the schemas were not walked"
    # "risky" is WeChat's word for what a check found in a text or a photo; never of a person
    wrong = {at for at, name in found if is_forbidden(name) and name != "risky"}
    assert wrong == set()
    risky = {at for at, name in found if name == "risky"}
    assert all("resident" not in at.lower() and "petition" not in at.lower() for at in risky), risky


def _constants(path: Path) -> Iterator[str]:
    """Every text in a module but its documentation."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_sentence_or_label_of_the_program_says_it() -> None:
    paths = sorted(BACKEND.rglob("*.py"))
    assert len(paths) > 200
    wrong = {
        (path.name, text[:60])
        for path in paths
        for text in _constants(path)
        if any(word in text for word in FORBIDDEN_WORDS)
    }
    assert wrong == set()


def test_no_state_of_any_kind_is_a_persons() -> None:
    labels = [s.label for kind in all_kinds() for s in kind.table.states]
    labels += [f.label for kind in all_kinds() for e in kind.table.edges for f in e.fields]
    assert not [label for label in labels if any(word in label for word in FORBIDDEN_WORDS)]


#: what a route could be asked by, if it listed petitions by a person
BY_PERSON = {
    "resident",
    "resident_id",
    "name",
    "phone",
    "id_number",
    "address",
    "person",
    "petitioner",
    "q",
    "search",
}


def test_no_route_lists_petitions_by_a_person(app: Flask) -> None:
    """§8.1 point 2: joined by case. No parameter of path or query is a person, nor a free search."""
    document: Any = app.test_client().get("/openapi.json").json
    looked_at = 0
    for path, methods in document["paths"].items():
        if "petition" not in path and "vault" not in path:
            continue
        shared = methods.get("parameters", [])
        for method in methods.keys() & {"get", "post", "put", "patch", "delete"}:
            asked = {p["name"] for p in [*methods[method].get("parameters", []), *shared] if "name" in p}
            assert not asked & BY_PERSON, f"{method} {path} is asked by {asked & BY_PERSON}"
            looked_at += 1
    assert looked_at > 15


def test_a_line_of_the_queue_names_nobody(app: Flask) -> None:
    document: Any = app.test_client().get("/openapi.json").json
    for schema in ("PetitionLine", "LegalDuty", "PetitionFigures", "PetitionLink"):
        names = set(document["components"]["schemas"][schema]["properties"])
        assert not names & {
            "name",
            "name_masked",
            "phone",
            "phone_masked",
            "resident_id",
            "parties",
            "address",
        }


def test_the_words_of_a_petition_are_encrypted_and_it_lies_in_no_village() -> None:
    """§1.5, §8.1: the only place of a petition is its town."""
    for name in ("title", "claim", "facts", "reasons", "opinion"):
        assert type(Petition.__table__.c[name].type).__name__ == "EncryptedText", name
    assert not {c.name for c in Petition.__table__.columns} & {
        "village_id",
        "grid_id",
        "area_id",
        "micro_grid_id",
    }


def test_only_those_with_the_petition_roles_come_to_petitions() -> None:
    for name, route in ROUTES.items():
        if "/staff/petition" in name:
            assert route.roles <= {"petition_clerk", "department_clerk", "leader"}, name
