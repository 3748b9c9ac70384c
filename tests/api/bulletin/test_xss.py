"""What is meant to act stays text, or is refused with the reason: OWASP's list in every field of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from backend.bulletin.clean_html import TAGS, clean, text_of
from backend.kernel.clock import now, today
from backend.kernel.db import run_unit
from backend.kernel.errors import Invalid
from backend.places.queries import town_by_code
from backend.search import services as search
from backend.search.kinds import KINDS, Found, SearchKind
from tests.factories.bulletin import BulletinCast
from tests.support.xss import ATTEMPTS, HANDLERS, skeleton

ROOT = Path(__file__).resolve().parents[3]


def test_no_attempt_leaves_more_than_the_short_list_of_tags() -> None:
    refused = 0
    for attempt in ATTEMPTS:
        for html in (attempt, f"<p>前面{attempt}后面</p>", f"<ul><li>{attempt}", f"<table><tr><td>{attempt}"):
            try:
                kept = clean(html)
            except Invalid:
                refused += 1
                continue
            assert all(tag in TAGS and not attributes for tag, attributes in skeleton(kept)), (html, kept)
            assert clean(kept) == kept, "cleaned twice it is the same"
    assert refused > len(ATTEMPTS), "what is meant to act is refused, not mended in silence"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>带<strong>身份证</strong><br>和户口本</p>", "<p>带<strong>身份证</strong><br>和户口本</p>"),
        ('<p style="color:red" class="x">红</p>', "<p>红</p>"),
        ("<div><span>公众号排版</span></div>", "公众号排版"),
        ("<style>p{}</style><p>留下</p>", "<p>留下</p>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<p>没有关上", "<p>没有关上</p>"),
        ('<a href="https://evil.example/">链接</a>', "链接"),
    ],
)
def test_what_is_kept_of_a_text(html: str, kept: str) -> None:
    assert clean(html) == kept


def test_the_words_of_a_text_for_search_and_for_paper() -> None:
    html = clean("<h2>一</h2><p>甲&amp;乙<br>丙</p><ul><li>丁</li></ul><p>1 &lt; 2</p>")
    assert text_of(html).split("\n") == ["一", "甲&乙", "丙", "丁", "1 < 2"]


def test_scripts_are_refused_with_the_reason_and_nothing_is_kept(cast: BulletinCast) -> None:
    draft = cast.drafted()
    path = f"/staff/articles/{draft['id']}"
    for html in (
        "<script>alert(1)</script>",
        HANDLERS[0],
        HANDLERS[9],
        HANDLERS[10],
        '<iframe src="//evil.example/"></iframe>',
    ):
        answer = cast.desk("fenliu").patch(path, {"version": draft["version"], "html": html, "title": "改了"})
        assert (answer.status_code, answer.json["code"]) == (422, "html_acts"), html
        assert "不能" in answer.json["message"]
    kept = cast.desk("fenliu").get(path).json
    assert (kept["title"], kept["html"], kept["version"]) == (draft["title"], draft["html"], draft["version"])


def batches() -> list[tuple[str, str]]:
    """Every attempt that a person can type in some summary, the short ones in titles too."""
    typed = [one.strip() for one in ATTEMPTS if "\0" not in one and len(one) <= 200]
    titles = [one for one in typed if len(one) <= 60 and one.isprintable()]
    summaries = [""]
    for one in typed:
        if len(summaries[-1]) + len(one) >= 200:
            summaries.append("")
        summaries[-1] = f"{summaries[-1]} {one}".strip()
    return [(titles[number % len(titles)], summary) for number, summary in enumerate(summaries)]


def test_every_attempt_in_title_and_summary_shows_as_text(cast: BulletinCast) -> None:
    """As JSON for the phone, as HTML for those it is shared with, as Atom for readers."""
    client = cast.app.test_client()
    shape = skeleton(client.get(f"/s/article/{cast.published(title='平常', summary='平常')['id']}").text)
    given = batches()
    assert 20 <= len(given) < 60
    for title, summary in given:
        article = cast.published(title=title, summary=summary)
        page = client.get(f"/s/article/{article['id']}")
        assert (page.status_code, skeleton(page.text)) == (200, shape), summary
        answer = cast.page(article)
        assert (answer.json["title"], answer.json["summary"]) == (title, summary)
        assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/json", "nosniff")
    feed = client.get("/api/v1/public/news.atom", query_string={"town": "dongwan"}).data
    entries = [
        one.text or "" for one in ElementTree.fromstring(feed).iter("{http://www.w3.org/2005/Atom}title")
    ]
    assert [title for title, _ in given[-40:] if not any(title in one for one in entries)] == []


def test_every_attempt_shows_as_text_wherever_a_public_text_is_shared(
    cast: BulletinCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages to share, a village's page, the search and the feed are made from the same card for every kind."""
    client, village = cast.app.test_client(), int(cast.village("V01"))
    given = [("平常", "平常"), *batches()]
    texts = dict(enumerate(given, start=1))

    def cards(ids: Sequence[int]) -> dict[int, Found]:
        return {i: Found(*texts[i], today(), f"/pages/home/index?id={i}", texts[i][0]) for i in ids}

    monkeypatch.setitem(KINDS, "xss", SearchKind("xss", given[-1][0], cards))
    with cast.app.app_context():
        run_unit(lambda: [_index(i, village, *text) for i, text in texts.items()])
    shapes = {str(skeleton(client.get(f"/s/xss/{i}").text)) for i in texts}
    assert len(shapes) == 1
    shown = skeleton(client.get(f"/v/{village}").text)
    assert {name for tag, names in shown for name in names if tag in {"a", "li", "ul", "p", "h1"}} <= {
        "href",
        "class",
    }
    assert [tag for tag, _ in shown].count("script") == 1, "the page's own, known by its hash"
    assert {tag for tag, _ in shown} <= {
        "html", "head", "meta", "title", "link", "style", "body", "header", "main", "h1", "h2", "p", "ul", "li", "a", "script",
    }  # fmt: skip
    found = client.get(
        "/api/v1/public/search", query_string={"town": "dongwan", "words": "alert", "kind": "xss"}
    )
    assert (found.status_code, found.mimetype) == (200, "application/json")
    assert {one["title"] for one in found.json["items"]} <= {title for title, _ in given}
    feed = client.get("/api/v1/public/news.atom", query_string={"town": "dongwan", "kind": "xss"})
    assert ElementTree.fromstring(feed.data).tag.endswith("feed")


def _index(subject_id: int, village_id: int, title: str, text: str) -> None:
    town_id = town_by_code("dongwan").id
    search.index(
        "xss", subject_id, town_id=town_id, village_id=village_id, title=title, text=f"alert {text}", at=now()
    )


def test_every_text_field_of_guides_and_numbers_comes_back_as_it_was_written(cast: BulletinCast) -> None:
    attempts = [one.strip() for one in ATTEMPTS if one.isprintable() and len(one.strip()) <= 60]
    desk, names = cast.desk("fenliu"), ("title", "who", "place", "hours", "takes", "fee", "basis")
    assert len(attempts) > 5 * len(names)
    for begin in range(0, len(attempts) - len(names), len(names)):
        few = attempts[begin : begin + len(names)]
        told: dict[str, Any] = dict(zip(names, few, strict=True))
        told |= {
            "group": few[0][:20].strip(),
            "steps": few,
            "phones": [{"name": few[1][:40], "phone": "110"}],
        }
        told["materials"] = [{"name": few[2], "note": few[3], "copies": 1}]
        made = desk.post("/staff/guides", told)
        assert made.status_code == 201, made.text
        seen = cast.app.test_client().get(f"/api/v1/public/guides/{made.json['id']}")
        assert seen.mimetype == "application/json"
        assert {name: seen.json[name] for name in told} == told
    phone = {
        "group": few[0][:20].strip(),
        "name": few[1][:30].strip(),
        "phone": "110",
        "hours": few[2][:40].strip(),
    }
    assert desk.post("/staff/phones", {**phone, "order": 1}).status_code == 201
    listed = cast.read("phones")["items"]
    assert {name: listed[0][name] for name in phone} == phone


def test_nothing_but_a_few_pages_is_ever_html() -> None:
    """A text in JSON is text. Whoever writes HTML does it in one of these files, which escape what they are given."""
    writers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "backend").rglob("*.py")
        if "sandbox" not in path.parts
        and re.search(r"mimetype=\"text/html|render_template|Markup\(", path.read_text("utf-8"))
    }
    assert writers == {"backend/kernel/share_page.py", "backend/shell.py"}
