"""The commands themselves: they print every line and end with 1 when something is missing."""

from __future__ import annotations

import pytest
from flask import Flask

from backend.integrations.wechat.protocol import Reaction, TemplateInfo, WeChatError
from tests.fakes.platform import RecordingPlatform
from tests.support.people import resident


@pytest.fixture
def answering(app: Flask, platform: RecordingPlatform, monkeypatch: pytest.MonkeyPatch) -> RecordingPlatform:
    """A platform with all our templates, and a callback address that echoes."""
    book = app.extensions["wechat_templates"]
    for channel, kind in (("mini", "one_time"), ("official", "official")):
        for template in book.of(channel):
            content = "\n".join(f"x:{{{{{keyword}.DATA}}}}" for keyword in template.fields)
            platform.templates.append(TemplateInfo(template.template_id, template.title, content, kind))

    class Echo:
        status_code = 200

        def __init__(self, text: str) -> None:
            self.text = text

    monkeypatch.setattr(
        "backend.integrations.wechat.checkup.requests.get",
        lambda url, params, **more: Echo(params["echostr"]),
    )
    platform.followers["official-wang"] = "union-wang"
    return platform


def test_wechat_check(app: Flask, answering: RecordingPlatform) -> None:
    resident(app, "wang")
    done = app.test_cli_runner().invoke(args=["wechat", "check"])
    assert done.exit_code == 0, done.output
    assert "look     platform: this is the stand-in" in done.output
    assert "ok       unionid of the mini-program: 1 of 1 people have one" in done.output
    assert done.output.endswith("everything that can be asked is there\n")
    answering.refuse(
        "token_works", WeChatError("stable_token", 40164, Reaction.CONFIGURATION, "invalid ip 203.0.113.7")
    )
    refused = app.test_cli_runner().invoke(args=["wechat", "check"])
    assert refused.exit_code == 1
    assert "MISSING  mini-program token: 40164 this machine's address 203.0.113.7" in refused.output
    assert "1 missing" in refused.output


def test_oss_check(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["oss", "check"])
    assert done.exit_code == 0, done.output
    assert "ok       write, read, delete: works" in done.output
