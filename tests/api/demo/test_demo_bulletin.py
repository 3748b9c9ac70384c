"""The demonstration's articles: read, heard and found by everybody, and nobody was told of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.bulletin.models import Article
from backend.demo.bulletin import Kept, bring_bulletin, make_files, no_news
from backend.demo.people import accounts_of, save_staff
from backend.demo.towns import NANSHAHE
from backend.kernel.db import db, run_unit
from backend.notifications.models import InboxMessage
from backend.outbox.models import OutboxJob
from backend.places.queries import town_by_code
from backend.subscriptions.services import SPREAD
from tests.fakes.platform import RecordingPlatform

CONFIG = Path(__file__).resolve().parents[3] / "config"


def _bring(kept: dict[str, Kept]) -> None:
    town, accounts = town_by_code(NANSHAHE.code), accounts_of(NANSHAHE)
    with db.session.begin_nested():
        bring_bulletin(town.id, save_staff(accounts, ["none"] * len(accounts), town.id), kept)
        no_news()


def test_articles_stand_in_their_series_with_covers_and_one_to_listen_to(
    app: Flask, db_session: Session, platform: RecordingPlatform
) -> None:
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(CONFIG)])
    assert done.exit_code == 0, done.output
    db_session.rollback()
    kept = make_files(app.extensions["store"])
    run_unit(lambda: _bring(kept))
    assert Counter(db_session.scalars(select(Article.state))) == {
        "published": 8,
        "scheduled": 1,
        "drafted": 1,
    }
    kinds = set(db_session.scalars(select(OutboxJob.kind)))
    assert "articles.publish" in kinds
    assert not kinds & {SPREAD, "timeline"}
    assert not list(db_session.scalars(select(InboxMessage.id).where(InboxMessage.template == "publication")))
    db_session.rollback()
    client = app.test_client()
    listed = client.get("/api/v1/public/articles", query_string={"town": "nanshahe"}).json["items"]
    assert len(listed) == 8
    assert all(item["cover"]["url"] for item in listed)
    spoken = [item for item in listed if item["has_audio"]]
    assert len(spoken) == 1
    page = client.get(f"/api/v1/public/articles/{spoken[0]['id']}").json
    assert page["audio"]["seconds"] == 38
    with client.get(page["audio"]["url"]) as heard:
        assert len(heard.data) == page["audio"]["size"]
    found = client.get("/api/v1/public/search", query_string={"town": "nanshahe", "words": "医保"}).json[
        "items"
    ]
    assert spoken[0]["title"] in {item["title"] for item in found}
