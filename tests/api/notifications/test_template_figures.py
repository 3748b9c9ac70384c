"""What the comparison of templates found is kept by the worker and shown by the web process."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.clock import FrozenClock
from backend.notifications import template_check


def away() -> list[str]:
    raise WeChatError("list_subscribe_templates", -1, Reaction.RETRY, "system busy")


def figure(client: FlaskClient, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"{name} ")))


def test_findings_are_kept_and_shown(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    with app.app_context():
        assert template_check.findings() is None
        assert template_check.check_and_keep(lambda: ["[a.mini] 平台模板里没有字段 thing1", "[b.mini] 没有"])
    assert figure(client, "wechat_template_problems") == 2
    assert figure(client, "wechat_template_check_timestamp_seconds") == clock.now().timestamp()
    with app.app_context():
        assert template_check.check_and_keep(list) == []
    assert figure(client, "wechat_template_problems") == 0


def test_a_platform_that_is_away_changes_no_finding(app: Flask) -> None:
    with app.app_context():
        template_check.check_and_keep(lambda: ["[a.mini] 没有"])
        assert template_check.check_and_keep(away) == []
        kept = template_check.findings()
        assert kept is not None
        assert (kept.problems, kept.unreadable) == (["[a.mini] 没有"], "system busy")


def test_the_worker_does_it(app: Flask, client: FlaskClient, run_jobs: object) -> None:
    run_jobs()  # type: ignore[operator]
    assert figure(client, "wechat_template_problems") > 0, "the notebook of the tests holds no template"
    assert figure(client, 'content_reviews_waiting{state="needs_person"}') == 0
