"""Messages: a grant is one message, a field too long is named, what is uncertain is called uncertain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import current_app

from backend.integrations.wechat.platform import RealPlatform, make_platform
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.integrations.wechat.templates import check_against_platform, load_templates
from config.settings import Settings
from tests.contract.conftest import CLOSED, PROGRESS, TASK_OFFICIAL, Levers

DATA = {
    "thing1": "二组水渠堵塞",
    "phrase2": "办理中",
    "time3": "2026年3月10日 10:00",
    "thing4": "网格员已到现场",
    "character_string5": "7KQ4-M2XN-9ABC",
}
TASK = {"thing1": "二组水渠堵塞", "thing2": "示例三村", "time3": "2026年3月12日 18:00", "phrase4": "重要"}
PAGE = "pages/case/index?id=1"
URL = "http://127.0.0.1:8000/m/pages/case/index?id=1"


def grant(levers: Levers, person: str = "resident1", *templates: str) -> str:
    """Let the person allow messages; returns the openid."""
    said = levers.post("popup", person=person, tmplIds=list(templates or [PROGRESS]))
    assert said["errMsg"] == "requestSubscribeMessage:ok"
    return str(levers.person(person)["mini_openid"])


def refused(call: Callable[[], object]) -> WeChatError:
    """The refusal that the call must meet."""
    with pytest.raises(WeChatError) as found:
        call()
    return found.value


def test_one_grant_is_one_message(platform: RealPlatform, levers: Levers) -> None:
    openid = grant(levers)
    platform.send_subscribe(openid, PROGRESS, PAGE, DATA)
    error = refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA))
    assert (error.errcode, error.reaction) == (43101, Reaction.NO_GRANT)
    second, first = levers.messages()
    assert (first["errcode"], first["link"], first["lines"][0]["value"]) == (0, f"/m/{PAGE}", "二组水渠堵塞")
    assert second["errcode"] == 43101


def test_refusing_the_pop_up_gives_nothing(platform: RealPlatform, levers: Levers) -> None:
    levers.post(
        "popup", person="resident1", tmplIds=[PROGRESS, CLOSED], answer={PROGRESS: "reject", CLOSED: "accept"}
    )
    openid = levers.person("resident1")["mini_openid"]
    assert levers.person("resident1")["grants"] == {CLOSED: 1}
    assert (
        refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA)).reaction is Reaction.NO_GRANT
    )


def test_switching_off_takes_the_grants(platform: RealPlatform, levers: Levers) -> None:
    openid = grant(levers)
    levers.post("switch-off", person="resident1", template_id=PROGRESS)
    assert (
        refused(lambda: platform.send_subscribe(openid, PROGRESS, None, DATA)).reaction is Reaction.NO_GRANT
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"thing1": "长" * 21}, "data.thing1.value"),
        ({"phrase2": "in hand"}, "data.phrase2.value"),
        ({"phrase2": "正在办理之中"}, "data.phrase2.value"),
        ({"thing4": "两\n行"}, "data.thing4.value"),
        ({"thing4": " "}, "data.thing4.value is emtpy"),
        ({"character_string5": "编号7"}, "data.character_string5.value"),
        ({"time3": "昨天"}, "data.time3.value"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(
    platform: RealPlatform, levers: Levers, changes: dict[str, str], named: str
) -> None:
    openid = grant(levers)
    error = refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA | changes))
    assert (error.errcode, error.reaction) == (47003, Reaction.PERMANENT)
    assert named in error.text
    platform.send_subscribe(openid, PROGRESS, PAGE, DATA)  # the grant was not used up


@pytest.mark.parametrize(
    ("template", "page", "errcode", "reaction"),
    [
        ("no-such-template", PAGE, 40037, Reaction.TEMPLATE),
        (TASK_OFFICIAL, PAGE, 40037, Reaction.TEMPLATE),
        (PROGRESS, "pages/gone/index", 41030, Reaction.BAD_PAGE),
    ],
)
def test_wrong_template_or_page(
    platform: RealPlatform, levers: Levers, template: str, page: str, errcode: int, reaction: Reaction
) -> None:
    openid = grant(levers)
    error = refused(lambda: platform.send_subscribe(openid, template, page, DATA))
    assert (error.errcode, error.reaction) == (errcode, reaction)


def test_a_page_of_a_sub_package_is_known(platform: RealPlatform, levers: Levers) -> None:
    platform.send_subscribe(grant(levers), PROGRESS, "/staff/task/index?id=2", DATA)
    assert levers.messages()[0]["page"] == "staff/task/index?id=2"


def test_openid_of_the_other_account(platform: RealPlatform, levers: Levers) -> None:
    person = levers.person("worker1")
    mini = refused(lambda: platform.send_subscribe(person["official_openid"], PROGRESS, PAGE, DATA))
    official = refused(
        lambda: platform.send_template(person["mini_openid"], TASK_OFFICIAL, URL, None, TASK, "m1")
    )
    for error in (mini, official):
        assert (error.errcode, error.reaction) == (40003, Reaction.BAD_OPENID)
        assert person["mini_openid"] not in str(error)
        assert person["official_openid"] not in str(error)


def test_sensitive_words(platform: RealPlatform, levers: Levers) -> None:
    openid = grant(levers)
    error = refused(
        lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA | {"thing1": "有演示敏感词"})
    )
    assert error.reaction is Reaction.SENSITIVE


@pytest.mark.parametrize(
    ("kind", "errcode", "reaction"),
    [
        ("quota", 45009, Reaction.QUOTA),
        ("minute_quota", 45011, Reaction.MINUTE_QUOTA),
        ("busy", -1, Reaction.RETRY),
        ("http500", None, Reaction.UNKNOWN_OUTCOME),
        ("cut", None, Reaction.UNKNOWN_OUTCOME),
    ],
)
def test_what_a_failing_platform_means_for_a_message(
    platform: RealPlatform, levers: Levers, kind: str, errcode: int | None, reaction: Reaction
) -> None:
    openid = grant(levers)
    levers.fault("subscribe_send", kind)
    error = refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA))
    assert (error.errcode, error.reaction) == (errcode, reaction)
    assert levers.messages() == []
    assert levers.person("resident1")["grants"] == {PROGRESS: 1}


def test_a_lost_answer_is_in_doubt_though_the_message_went_out(
    platform: RealPlatform, levers: Levers
) -> None:
    openid = grant(levers)
    levers.fault("subscribe_send", "lost_answer")
    error = refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA))
    assert error.reaction is Reaction.UNKNOWN_OUTCOME
    assert [m["errcode"] for m in levers.messages()] == [0]
    assert levers.calls()["subscribe_send", 0] == 1


def test_a_slow_platform_is_not_waited_for(
    quick_client: Callable[[float], RealPlatform], levers: Levers
) -> None:
    platform, openid = quick_client(0.2), grant(levers)
    platform.list_subscribe_templates()
    levers.fault("subscribe_send", "slow", ms=700)
    error = refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA))
    assert (error.reaction, error.text) == (Reaction.UNKNOWN_OUTCOME, "ReadTimeout")
    levers.fault("gettemplate", "slow", ms=700)
    assert refused(platform.list_subscribe_templates).reaction is Reaction.RETRY


def test_a_slow_token_is_not_waited_for(
    quick_client: Callable[[float], RealPlatform], levers: Levers
) -> None:
    levers.fault("stable_token", "slow", ms=700)
    error = refused(quick_client(0.2).list_subscribe_templates)
    assert (error.api, error.reaction) == ("stable_token", Reaction.RETRY)


def test_nobody_listening_is_no_doubt(in_town: Settings, levers: Levers) -> None:
    platform, openid = make_platform(in_town), grant(levers)
    platform.list_subscribe_templates()
    platform._mini._base = "http://127.0.0.1:9"
    assert refused(lambda: platform.send_subscribe(openid, PROGRESS, PAGE, DATA)).reaction is Reaction.RETRY


def test_two_sends_to_one_person_at_once(platform: RealPlatform, levers: Levers) -> None:
    grant(levers)
    openid = grant(levers)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    platform.list_subscribe_templates()
    levers.fault("subscribe_send", "slow", times=2, ms=300)

    def send(_: int) -> Reaction | None:
        with app.app_context():
            try:
                platform.send_subscribe(openid, PROGRESS, PAGE, DATA)
            except WeChatError as error:
                return error.reaction
        return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(send, range(2))) == {None, Reaction.SERIALISE}


def test_template_message_to_a_follower(platform: RealPlatform, levers: Levers) -> None:
    openid = levers.person("worker1")["official_openid"]
    first = platform.send_template(openid, TASK_OFFICIAL, URL, None, TASK, "case-1")
    again = platform.send_template(openid, TASK_OFFICIAL, URL, None, TASK, "case-1")
    assert first == again
    assert first.isdigit()
    [message] = levers.messages()
    assert message["link"] == "/m/pages/case/index?id=1"
    platform.send_template(openid, TASK_OFFICIAL, None, "staff/task/index", TASK, "case-2")
    assert levers.messages()[0]["link"] == "/m/staff/task/index"


def test_template_message_to_somebody_who_does_not_follow(platform: RealPlatform, levers: Levers) -> None:
    openid = levers.person("resident3")["official_openid"]
    error = refused(lambda: platform.send_template(openid, TASK_OFFICIAL, URL, None, TASK, "c"))
    assert (error.errcode, error.reaction) == (43004, Reaction.UNFOLLOWED)


def test_our_field_map_fits_the_platform(platform: RealPlatform) -> None:
    book = load_templates(Path(__file__).resolve().parents[2] / "config")
    assert check_against_platform(book, platform, official=True) == []
    assert len(book.of("mini")) == len(book.of("official")) == 4


def test_mini_program_code(platform: RealPlatform, levers: Levers) -> None:
    assert platform.qr_code("code=7KQ4M2XN9ABC", "pages/case/index").startswith(b"\x89PNG")
    assert refused(lambda: platform.qr_code("中文", "pages/case/index")).errcode == 40169
    assert refused(lambda: platform.qr_code("a", "pages/gone/index")).reaction is Reaction.BAD_PAGE


def test_text_check(platform: RealPlatform, levers: Levers) -> None:
    platform.code_to_session(levers.code("resident1"))
    openid = levers.person("resident1")["mini_openid"]
    assert platform.check_text(openid, "水渠堵了").suggest == "pass"
    assert platform.check_text(openid, "好" * 2600 + "演示违规词").suggest == "risky"
    assert platform.check_text(openid, "好", title="演示存疑词").suggest == "review"


def test_text_check_of_somebody_long_gone(platform: RealPlatform, levers: Levers) -> None:
    openid = levers.person("resident2")["mini_openid"]
    error = refused(lambda: platform.check_text(openid, "水渠堵了"))
    assert (error.errcode, error.reaction) == (61010, Reaction.NOT_SEEN)
    official = levers.person("resident2")["official_openid"]
    assert refused(lambda: platform.check_text(official, "水渠堵了")).errcode == 43104
