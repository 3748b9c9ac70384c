"""The heads of the phone pages: a public page has its own title and preview, a person's own page is not listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend import shell

PAGE = """<html><head><!-- share:begin --><title>default</title><meta property="og:title" content="default">
<!-- share:end --></head><body></body></html>"""


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An H5 build of one page, so that the test needs no Node."""
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(shell, "H5", tmp_path)
    return tmp_path


def test_a_public_page_has_its_own_title_and_preview(client: FlaskClient, built: Path) -> None:
    page = client.get("/m/pages/progress/index").get_data(as_text=True)
    assert "<title>查办理进度</title>" in page
    assert '<meta property="og:title" content="查办理进度">' in page
    assert "/m/static/share.png" in page
    assert "default" not in page
    assert "noindex" not in page


def test_a_persons_own_page_is_not_listed(client: FlaskClient, built: Path) -> None:
    page = client.get("/m/pages/case/index?id=1").get_data(as_text=True)
    assert '<meta name="robots" content="noindex">' in page
    assert "og:title" not in page


def test_a_file_that_is_not_there_is_not_the_page(client: FlaskClient, built: Path) -> None:
    assert client.get("/m/assets/gone.js").status_code == 404
