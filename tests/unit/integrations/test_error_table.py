"""What a code means at a call: the rows of the platform's error table that we act on."""

from __future__ import annotations

import pytest

from backend.integrations.wechat.errors import AT, EVERYWHERE, reaction_for, reaction_without_answer
from backend.integrations.wechat.protocol import Reaction

ROWS = [
    ("subscribe_send", -1, Reaction.RETRY),
    ("code_to_session", -1, Reaction.RETRY),
    ("subscribe_send", 40001, Reaction.TOKEN),
    ("template_send", 40014, Reaction.TOKEN),
    ("msg_sec_check", 42001, Reaction.TOKEN),
    ("stable_token", 40001, Reaction.CONFIGURATION),
    ("stable_token", 40125, Reaction.CONFIGURATION),
    ("stable_token", 40164, Reaction.CONFIGURATION),
    ("stable_token", 89503, Reaction.CONFIGURATION),
    ("code_to_session", 40029, Reaction.NEW_CODE),
    ("code_to_session", 40163, Reaction.NEW_CODE),
    ("phone_number", 40029, Reaction.NEW_CODE),
    ("phone_number", 40013, Reaction.CONFIGURATION),
    ("code_to_session", 40226, Reaction.BLOCKED_USER),
    ("code_to_session", 45011, Reaction.MINUTE_QUOTA),
    ("msg_sec_check", 44991, Reaction.MINUTE_QUOTA),
    ("subscribe_send", 45009, Reaction.QUOTA),
    ("subscribe_send", 40003, Reaction.BAD_OPENID),
    ("msg_sec_check", 43104, Reaction.BAD_OPENID),
    ("subscribe_send", 40037, Reaction.TEMPLATE),
    ("subscribe_send", 43107, Reaction.TEMPLATE),
    ("subscribe_send", 41030, Reaction.BAD_PAGE),
    ("qr_code", 41030, Reaction.BAD_PAGE),
    ("subscribe_send", 43101, Reaction.NO_GRANT),
    ("subscribe_send", 43108, Reaction.SERIALISE),
    ("subscribe_send", 45168, Reaction.SENSITIVE),
    ("subscribe_send", 47003, Reaction.PERMANENT),
    ("subscribe_send", 47001, Reaction.PERMANENT),
    ("msg_sec_check", 61010, Reaction.NOT_SEEN),
    ("media_check_async", 40004, Reaction.PERMANENT),
    ("media_check_async", 87020, Reaction.PERMANENT),
    ("template_send", 43004, Reaction.UNFOLLOWED),
    ("template_send", 43019, Reaction.REFUSED),
    ("template_send", 48002, Reaction.REFUSED),
    ("template_send", 43116, Reaction.TEMPLATE),
    ("template_send", 40249, Reaction.TEMPLATE),
    ("template_send", 48001, Reaction.CONFIGURATION),
    ("list_subscribe_templates", 20001, Reaction.RETRY),
]


@pytest.mark.parametrize(("api", "errcode", "reaction"), ROWS)
def test_reaction(api: str, errcode: int, reaction: Reaction) -> None:
    assert reaction_for(api, errcode) is reaction


def test_a_code_nobody_wrote_down_is_not_repeated() -> None:
    assert reaction_for("subscribe_send", 99999) is Reaction.PERMANENT


def test_one_code_may_mean_different_things() -> None:
    assert reaction_for("template_send", 43101) is not reaction_for("subscribe_send", 43101)
    assert reaction_for("msg_sec_check", 20001) is not reaction_for("list_subscribe_templates", 20001)


@pytest.mark.parametrize(
    ("api", "reached", "reaction"),
    [
        ("subscribe_send", True, Reaction.UNKNOWN_OUTCOME),
        ("template_send", True, Reaction.UNKNOWN_OUTCOME),
        ("subscribe_send", False, Reaction.RETRY),
        ("code_to_session", True, Reaction.NEW_CODE),
        ("phone_number", True, Reaction.NEW_CODE),
        ("msg_sec_check", True, Reaction.RETRY),
        ("stable_token", True, Reaction.RETRY),
    ],
)
def test_no_answer(api: str, reached: bool, reaction: Reaction) -> None:
    assert reaction_without_answer(api, reached=reached) is reaction


def test_every_reaction_of_the_table_is_met() -> None:
    assert {*EVERYWHERE.values(), *AT.values(), Reaction.UNKNOWN_OUTCOME} == set(Reaction)
