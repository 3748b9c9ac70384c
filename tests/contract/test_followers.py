"""The official account's followers: ten thousand a page, a hundred a batch, an empty page at the end."""

from __future__ import annotations

import pytest

from backend.integrations.wechat.platform import RealPlatform
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.sandbox.app import RunningSandbox
from tests.contract.conftest import Levers


def follow(sandbox: RunningSandbox, count: int) -> None:
    """So many more people follow."""
    with sandbox.state.changing():
        for number in range(count):
            sandbox.state.add(
                "people",
                id=f"p{number}",
                unionid=f"u{number}",
                mini_openid=f"m{number}",
                official_openid=f"zz{number:06d}",
                followed=1,
                position=100 + number,
            )


def test_pages_of_ten_thousand(sandbox: RunningSandbox, platform: RealPlatform, levers: Levers) -> None:
    follow(sandbox, 10_005)
    ours = sum(person["followed"] for person in levers.get("people")["items"] if person["position"] < 100)
    first = platform.follower_page()
    assert (len(first.openids), first.total, first.after) == (10_000, 10_005 + ours, first.openids[-1])
    second = platform.follower_page(first.after)
    assert len(second.openids) == 5 + ours
    assert not set(first.openids) & set(second.openids)
    last = platform.follower_page(second.after)
    assert (last.openids, last.after, last.total) == ((), "", 10_005 + ours)


def test_batches_of_a_hundred(sandbox: RunningSandbox, platform: RealPlatform, levers: Levers) -> None:
    follow(sandbox, 250)
    openids = [f"zz{number:06d}" for number in range(250)]
    found = platform.follower_unionids(openids)
    assert found == {openid: f"u{number}" for number, openid in enumerate(openids)}
    assert levers.calls()["user_batchget", 0] == 3


def test_who_left_is_in_no_page(platform: RealPlatform, levers: Levers) -> None:
    openid = levers.person("resident1")["official_openid"]
    assert openid in platform.follower_page().openids
    levers.post("people/resident1", followed=False)
    assert openid not in platform.follower_page().openids
    assert platform.follower_unionids([openid]) == {}


def test_a_page_after_nobody(platform: RealPlatform, levers: Levers) -> None:
    with pytest.raises(WeChatError) as refused:
        platform.follower_page("nobody")
    assert (refused.value.errcode, refused.value.reaction) == (40003, Reaction.BAD_OPENID)


def test_the_categories(platform: RealPlatform) -> None:
    assert platform.categories() == ["政务民生"]


def test_a_kept_token_proves_nothing(platform: RealPlatform, levers: Levers) -> None:
    platform.token_works("mini")
    platform.token_works("official")
    platform.categories()
    levers.fault("stable_token", "errcode", errcode=40164)
    with pytest.raises(WeChatError) as refused:
        platform.token_works("mini")
    assert (refused.value.errcode, refused.value.reaction) == (40164, Reaction.CONFIGURATION)
    platform.categories()  # the token that is kept goes on
