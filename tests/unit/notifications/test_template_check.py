"""What the daily comparison with the platform's templates says."""

from __future__ import annotations

import logging

import pytest

from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.notifications.template_check import check


def test_each_difference_is_an_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert check(lambda: ["thing9 没有对应内容"]) == ["thing9 没有对应内容"]
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.problem == "thing9 没有对应内容"  # type: ignore[attr-defined]


def test_a_platform_that_does_not_answer_is_no_difference(caplog: pytest.LogCaptureFixture) -> None:
    def away() -> list[str]:
        raise WeChatError("list_subscribe_templates", None, Reaction.RETRY, "ConnectTimeout")

    assert check(away) == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
