"""The wall: entries, remarks, questions and answers are text on its pages, in its feed and in everybody's inbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from flask import Flask

from tests.api.markup.test_neighbours_markup import Planting, done
from tests.factories.wall import TEXTS, WallCast
from tests.fakes.platform import RecordingPlatform
from tests.support.xss import skeleton


def test_entries_and_follow_ups_of_the_wall(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any], planting: Planting
) -> None:
    plain = WallCast(app, run_jobs)
    harmless = plain.entry_in("published")
    client = app.test_client()
    shape = skeleton(client.get(f"/w/{plain.entry(harmless).code}").text)
    planter = planting(r"(resident|staff)/wall(?!-consents).*")
    wall = WallCast(app, run_jobs)
    entry = wall.drafted()
    done(wall.desk("fenliu").patch(f"/staff/wall/{entry}", TEXTS | {"version": wall.entry(entry).version}))
    wall.must("fenliu", entry, "submit")
    wall.must("lingdao", entry, "return", note="写清楚")
    wall.must("fenliu", entry, "submit")
    wall.must("lingdao", entry, "approve")
    done(wall.desk("fenliu").get(f"/staff/wall/{entry}"))
    wall.must("lingdao", entry, "unpublish", reason="mistake", note="有误")
    done(wall.desk("fenliu").get(f"/staff/wall/{entry}"))
    entry = wall.entry_in("published")
    asked = [wall.ask_on(entry, who=who) for who in ("zhao", "li")]
    done(wall.reply("fenliu", asked[0]))
    done(wall.reply("fenliu", asked[1], "ask_reopen", note="又坏了"))
    run_jobs()
    row = wall.entry(entry)
    page = client.get(f"/w/{row.code}")
    tags = {tag for tag, _ in shape} | {"h2", "ul", "li", "p", "small"}
    assert page.status_code == 200
    assert {tag for tag, _ in skeleton(page.text)} <= tags
    assert {name for _, names in skeleton(page.text) for name in names} <= {
        n for _, names in shape for n in names
    }
    feed = client.get("/api/v1/public/wall.atom", query_string={"town": "dongwan"})
    assert row.title in "".join(ElementTree.fromstring(feed.data).itertext())
    reader = app.test_client()
    done(reader.get(f"/api/v1/public/wall/{entry}"))
    done(reader.get(f"/api/v1/public/wall/{entry}/follow-ups"))
    done(wall.desk("fenliu").get("/staff/wall-follow-ups"))
    done(wall.desk("fenliu").get(f"/staff/cases/{row.source_id}"))
    assert planter.left_out() == []
    assert planter.lost() == []
