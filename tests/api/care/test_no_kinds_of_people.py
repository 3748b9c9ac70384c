"""No list of "kinds of people" can be made (domain-rules §8.1, guards 1 and 6): columns, indexes, routes, filters."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect as looked_at

from backend.care import models, queries
from backend.care.words import REASONS
from backend.kernel.crypto import EncryptedText
from backend.kernel.db import db
from tests.api.care.conftest import ASKING, Home
from tests.factories.identity import visitor

#: the situation of a request, and whatever tells one household from another
OF_PERSONS = {"reason", "for_whom", "text", "place", "phone", "name", "visit_note", "note"}
#: what a list of staff may be asked by: what is to be done, and where it goes on
ASKED_BY = {"view", "cursor"}
#: words by which people, instead of matters, would be put into classes
CLASSES = re.compile(
    r"(person|resident|household)_(kind|type|class|category|group|tag|label|level|score)|tags?$"
)
#: resident or staff: to whom a message goes
RECIPIENTS = {"deliveries.person_kind", "inbox_messages.person_kind"}
TABLES = (models.HelpRequest, models.CareAgreement, models.CareVisit)


@pytest.mark.parametrize("model", TABLES)
def test_what_says_something_of_people_is_encrypted_and_in_no_index(model: Any) -> None:
    table = model.__table__
    for column in table.columns:
        assert not CLASSES.search(column.name), column.name
        if column.name in OF_PERSONS:
            assert isinstance(column.type, EncryptedText), f"{table.name}.{column.name} could be sorted by"
    indexed = {column.name for index in table.indexes for column in index.columns}
    assert not indexed & OF_PERSONS


def test_the_pattern_finds_what_it_is_meant_to_find() -> None:
    for name in ("person_kind", "household_type", "resident_tag", "tags", "household_category"):
        assert CLASSES.search(name), name
    assert not CLASSES.search("state")


def test_no_other_table_says_anything_of_residents_classes(app: Flask) -> None:
    with app.app_context():
        tables = looked_at(db.engine)
        names = {
            f"{table}.{column['name']}"
            for table in tables.get_table_names()
            for column in tables.get_columns(table)
        }
    assert len(names) > 500, "the tables were not walked"
    assert {one for one in names if CLASSES.search(one.split(".")[1])} == RECIPIENTS


def test_lists_for_staff_are_asked_for_by_what_is_to_be_done_alone(app: Flask) -> None:
    document: Any = visitor(app).client.get("/openapi.json").json
    lists = {
        path: {one["name"] for one in spec["get"].get("parameters", []) if one["in"] == "query"}
        for path, spec in document["paths"].items()
        if re.search(r"/staff/(help-requests|care-)", path) and "get" in spec
    }
    assert len(lists) == 6, sorted(lists)
    assert {path: asked - ASKED_BY for path, asked in lists.items() if asked - ASKED_BY} == {}
    line = document["components"]["schemas"]["StaffHelpLine"]["properties"].keys()
    assert not line & {f"{name}{end}" for name in OF_PERSONS for end in ("", "_label")}


def test_no_query_for_staff_takes_a_person_or_a_reason() -> None:
    takes = {
        name: set(inspect.signature(function).parameters)
        for name, function in inspect.getmembers(queries, inspect.isfunction)
        if function.__module__ == queries.__name__ and not name.startswith("_")
    }
    assert takes.pop("own_requests") | takes.pop("own_agreements") == {"resident_id", "cursor"}
    assert takes.pop("open_visit_count") == {"worker"}, "how many of their own wait"
    assert {one for found in takes.values() for one in found} <= {"actor", "view", "cursor", "agreement_ids"}


def test_a_reason_asked_for_narrows_nothing_and_no_list_shows_one(home: Home) -> None:
    for who, reason in (("wang", "alone"), ("zhao", "ill")):
        home.ask(who, reason=reason)
    head = home.desk("cunzhang2")
    whole = head.get("/staff/help-requests").json["items"]
    assert len(whole) == 2
    for name, value in (("reason", "ill"), ("resident_id", "1"), ("words", "老人"), ("for_whom", "self")):
        answer = head.get("/staff/help-requests", query_string={name: value})
        assert answer.json["items"] == whole, f"{name} narrowed the list"
    for path in ("/staff/help-requests", "/staff/help-requests?view=ended", "/staff/care-agreements"):
        shown = head.get(path).text
        assert not any(label in shown for label in REASONS.values()), path
        assert ASKING["phone"] not in shown
