"""What an operator asks of a running process, and what production does not show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from backend import shell
from backend.kernel import settings as kept
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from tests.factories.cases import Cast


@pytest.fixture
def change(app: Flask) -> Iterator[Callable[..., None]]:
    """change(mode="production"): other settings for the running application."""
    before = kept.settings()
    yield lambda **changes: kept.use_settings(replace(before, **changes))
    kept.use_settings(before)


def test_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ok", "checks": {"database": "ok", "storage": "ok", "outbox": "ok"}},
    )


def test_not_ready_when_the_worker_is_behind(cast: Cast, client: FlaskClient, clock: FrozenClock) -> None:
    cast.submit()
    clock.advance(timedelta(minutes=4))
    assert client.get("/readyz").status_code == 200
    clock.advance(timedelta(minutes=2))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {
        "database": "ok",
        "storage": "ok",
        "outbox": "oldest due job has waited 360 s",
    }
    assert client.get("/healthz").status_code == 200  # it is not the web process's fault


def test_not_ready_without_the_database(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*given: Any, **more: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone away"))

    monkeypatch.setattr(db.session, "execute", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["database"] == "does not answer"
    assert "gone away" not in answer.text


def test_not_ready_without_a_place_for_photos(
    client: FlaskClient, change: Callable[..., None], tmp_path: Path
) -> None:
    change(data_dir=tmp_path / "missing")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["storage"]) == (503, "cannot be written")


def test_figures_for_prometheus(cast: Cast, client: FlaskClient, clock: FrozenClock) -> None:
    cast.submit()
    clock.advance(timedelta(seconds=90))
    text = client.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["outbox_lag_seconds"]) == 90
    assert {'public_pages{how="kept"}', 'public_pages{how="made"}', "public_pages_bytes"} <= lines.keys()
    assert float(lines['outbox_jobs{state="pending"}']) >= 2


@pytest.mark.parametrize("path", ["/metrics", "/docs", "/docs/js/swagger-ui-bundle.js"])
def test_production_does_not_show(client: FlaskClient, change: Callable[..., None], path: str) -> None:
    shown = client.get(path, buffered=True)
    assert shown.status_code == 200, path
    change(mode="production")
    assert client.get(path).status_code == 404


def test_measures_are_opened_by_their_setting(client: FlaskClient, change: Callable[..., None]) -> None:
    change(mode="production", metrics_open=True)
    assert client.get("/metrics").status_code == 200
    assert client.get("/docs").status_code == 404


def test_the_front_door(client: FlaskClient, change: Callable[..., None], tmp_path: Path) -> None:
    change(data_dir=tmp_path)
    door = client.get("/")
    assert door.status_code == 200
    assert "东湾办事、西湾办事" in door.text
    assert "还没有演示账号" in door.text
    change(mode="production")
    assert client.get("/").headers["Location"] == "/m/"


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of the residents' pages, as small as can be."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(
        '<html><head><!-- share:begin --><title>x</title><meta property="og:title" content="x"><!-- share:end -->'
        "</head><body></body></html>"
    )
    (tmp_path / "assets" / "app.1234.js").write_text("1")
    monkeypatch.setattr(shell, "H5", tmp_path)
    return tmp_path


def test_a_shared_link_has_its_title_and_preview(client: FlaskClient, pages: Path) -> None:
    shared = client.get("/m/pages/report/index?town=dongwan").text
    assert "<title>随手拍</title>" in shared
    assert '<meta property="og:title" content="随手拍">' in shared
    assert "noindex" not in shared
    assert (shared.count("<title>"), shared.count("og:title")) == (1, 1)
    assert "/m/static/share.png" in shared
    own = client.get("/m/pages/case/index?id=1").text
    assert '<meta name="robots" content="noindex">' in own
    assert "og:title" not in own


def test_files_of_the_build(client: FlaskClient, pages: Path) -> None:
    script = client.get("/m/assets/app.1234.js", buffered=True)
    assert (script.status_code, "immutable" in script.headers["Cache-Control"]) == (200, True)
    page = client.get("/m/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for path in ("/m/assets/gone.js", "/m/static/gone.png"):
        assert client.get(path).status_code == 404
    assert client.get("/m").headers["Location"].endswith("/m/")
    (pages / "secret.txt").write_text("outside")
    inner = pages / "inner"
    inner.mkdir()
    (inner / "index.html").write_text("<html><head></head></html>")
    assert "outside" not in client.get("/m/%2e%2e/secret.txt").text


def test_without_a_build_it_says_so(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "H5", tmp_path / "never-built")
    assert client.get("/m/").status_code == 404


def test_the_drawn_files_are_what_the_code_says(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["docs", "check"])
    assert done.exit_code == 0, done.output


def test_the_api_document_is_3_1_and_names_every_route(client: FlaskClient, app: Flask) -> None:
    document = client.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    described = {path.replace("{", "<").replace("}", ">") for path in document["paths"]}
    # the bench's ceiling, and the platform's own protocol, which is WeChat's to describe
    undescribed = {"/api/v1/public/ping", "/api/v1/wechat/callback", "/api/v1/wechat/callback/<app>"}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            named = re.sub(r"<\w+:", "<", rule.rule)  # the document knows no converters
            assert named in described | undescribed, rule.rule
