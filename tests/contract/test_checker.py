"""WeChatChecker: the content check as our features know it, over the real client, against the stand-in."""

from __future__ import annotations

import pytest

from backend.integrations.content_check.protocol import Finding
from backend.integrations.content_check.wechat import WeChatChecker
from backend.integrations.wechat.platform import RealPlatform
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.db import db, transaction
from tests.contract.conftest import Levers

IMAGE = "http://127.0.0.1:8000/files/x/1.jpg"
RISKY, DOUBTFUL = "演示违规词", "演示存疑词"


@pytest.fixture
def checker(platform: RealPlatform) -> WeChatChecker:
    return WeChatChecker(platform)


def seen(levers: Levers, person: str = "resident1") -> str:
    """Somebody who was in the mini-program just now; their openid."""
    levers.code(person)
    return str(levers.person(person)["mini_openid"])


@pytest.mark.parametrize(
    ("text", "suggest", "label"),
    [
        ("路灯不亮了", "pass", "100"),
        (f"{DOUBTFUL}在这里", "review", "20001"),
        (f"{RISKY}在这里", "risky", "20006"),
        ("长" * 2500 + RISKY, "risky", "20006"),  # beyond what one call takes: checked in pieces
        ("长" * 4990 + DOUBTFUL, "review", "20001"),
    ],
)
def test_a_text(checker: WeChatChecker, levers: Levers, text: str, suggest: str, label: str) -> None:
    found = checker.check_text(seen(levers), text)
    assert (found.suggest, found.label, found.why) == (suggest, label, "")
    assert found.trace_id


def test_a_title_counts_too(checker: WeChatChecker, levers: Levers) -> None:
    assert checker.check_text(seen(levers), "路灯不亮了", title=RISKY).suggest == "risky"


def test_nobody_we_know_is_left_to_a_person(checker: WeChatChecker, levers: Levers) -> None:
    assert checker.check_text(None, "路灯不亮了") == Finding("review", why="no mini-program openid")
    assert checker.start_image_check(None, IMAGE) is None
    assert levers.calls() == {}, "and the platform is not asked"


def test_somebody_not_seen_for_two_hours_is_left_to_a_person(checker: WeChatChecker, levers: Levers) -> None:
    openid = seen(levers)
    levers.post("people/resident1", seen=0)
    found = checker.check_text(openid, "路灯不亮了")
    assert found.suggest == "review"
    assert "61010" in found.why
    assert checker.start_image_check(openid, IMAGE) is None


def test_the_other_accounts_openid_is_left_to_a_person(checker: WeChatChecker, levers: Levers) -> None:
    openid = levers.person("resident1")["official_openid"]
    found = checker.check_text(openid, "路灯不亮了")
    assert found.suggest == "review"
    assert "43104" in found.why
    assert openid not in found.why
    assert checker.start_image_check(openid, IMAGE) is None


def test_an_image_gets_a_trace(checker: WeChatChecker, levers: Levers) -> None:
    traces = {checker.start_image_check(seen(levers), IMAGE) for _ in range(2)}
    assert len(traces) == 2
    assert None not in traces


@pytest.mark.parametrize(
    ("kind", "reaction"),
    [
        ("busy", Reaction.RETRY),
        ("http500", Reaction.RETRY),
        ("cut", Reaction.RETRY),
        ("quota", Reaction.QUOTA),
        ("minute_quota", Reaction.MINUTE_QUOTA),
    ],
)
def test_trouble_that_passes_is_raised(
    checker: WeChatChecker, levers: Levers, kind: str, reaction: Reaction
) -> None:
    openid = seen(levers)
    for api, ask in (
        ("msg_sec_check", lambda: checker.check_text(openid, "路灯不亮了")),
        ("media_check_async", lambda: checker.start_image_check(openid, IMAGE)),
    ):
        levers.fault(api, kind)
        with pytest.raises(WeChatError) as refused:
            ask()
        assert refused.value.reaction is reaction


def test_an_account_that_may_not_check_is_a_matter_for_the_operator(
    checker: WeChatChecker, levers: Levers
) -> None:
    openid = seen(levers)
    levers.fault("msg_sec_check", "errcode", errcode=48001)
    with pytest.raises(WeChatError) as refused:
        checker.check_text(openid, "路灯不亮了")
    assert refused.value.reaction is Reaction.CONFIGURATION


def test_the_same_photo_too_often_is_left_to_a_person(checker: WeChatChecker, levers: Levers) -> None:
    openid = seen(levers)
    levers.fault("media_check_async", "errcode", errcode=87020)
    assert checker.start_image_check(openid, IMAGE) is None


def test_never_inside_a_transaction(checker: WeChatChecker, levers: Levers) -> None:
    openid = seen(levers)
    with transaction():
        db.session.connection()
        with pytest.raises(RuntimeError, match="transaction is open"):
            checker.check_text(openid, "路灯不亮了")
        with pytest.raises(RuntimeError, match="transaction is open"):
            checker.start_image_check(openid, IMAGE)


def test_an_answer_without_a_verdict_is_left_to_a_person(
    checker: WeChatChecker, platform: RealPlatform, levers: Levers, monkeypatch: pytest.MonkeyPatch
) -> None:
    openid = seen(levers)
    monkeypatch.setattr(platform._mini, "call", lambda *about, **more: {"errcode": 0, "errmsg": "ok"})
    assert checker.check_text(openid, "路灯不亮了").suggest == "review"
    assert checker.start_image_check(openid, IMAGE) is None
