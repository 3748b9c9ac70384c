"""Articles on their way over HTTP, and recordings of nothing but a tone."""

from __future__ import annotations

import io
import struct
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.bulletin.models import ArticleSeries
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.places.queries import children, town_by_code
from tests.factories.cases import Cast

TEXT = "<h2>怎么办</h2><p>带上<strong>身份证</strong>，到便民服务中心。</p>"
GIVEN = {"title": "养老保险怎么缴", "summary": "今年的缴费办法", "html": TEXT}
LINK = "https://mp.weixin.qq.com/s/AbCdEfGh1234"
#: one frame of silence: MPEG 1, layer III, 128 kbps, 44.1 kHz
_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)


def mp3(seconds: int = 2) -> bytes:
    """A recording that a phone plays: frames of 26 ms, without a tag."""
    return _FRAME * (seconds * 1000 // 26)


def m4a(seconds: int = 3, handler: bytes = b"soun") -> bytes:
    """The boxes of an MPEG-4 recording that say its kind and its length."""
    mvhd = _box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    hdlr = _box(b"hdlr", bytes(8) + handler + bytes(13))
    mdhd = _box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(4))
    trak = _box(b"trak", _box(b"mdia", mdhd + hdlr))
    return _box(b"ftyp", b"M4A \x00\x00\x00\x00M4A isom") + _box(b"moov", mvhd + trak)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def add_series(app: Flask, code: str = "zhengce", name: str = "政策明白纸", town: str = "dongwan") -> int:
    """A series of a town; its id."""
    with app.app_context():
        ensure_node(None)

        def add() -> int:
            town_id = town_by_code(town).id
            held = db.session.scalar(
                select(ArticleSeries.id).where(ArticleSeries.town_id == town_id, ArticleSeries.code == code)
            )
            if held is not None:
                return held
            row = ArticleSeries(id=new_id(), town_id=town_id, code=code, name=name, position=1, active=True)
            db.session.add(row)
            db.session.flush()
            return row.id

        return run_unit(add)


class BulletinCast(Cast):
    """Everyone who takes part in the bulletin."""

    def drafted(self, who: str = "fenliu", **given: Any) -> dict[str, Any]:
        """A draft as the desk sees it."""
        given.setdefault("series_id", str(add_series(self.app)))
        answer = self.desk(who).post("/staff/articles", {**GIVEN, **given})
        assert answer.status_code == 201, answer.text
        seen: dict[str, Any] = answer.json
        return seen

    def do(self, article: dict[str, Any], action: str, who: str = "fenliu", **given: Any) -> Any:
        """An action on an article with its present version unless one is given; the answer."""
        path = f"/staff/articles/{article['id']}"
        given.setdefault("version", self.desk(who).get(path).json["version"])
        return self.desk(who).post(f"{path}/actions/{action}", given)

    def must(self, article: dict[str, Any], action: str, **given: Any) -> dict[str, Any]:
        """The same by fenliu; it must succeed."""
        answer = self.do(article, action, **given)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json
        return seen

    def published(self, **given: Any) -> dict[str, Any]:
        """A published article."""
        return self.must(self.drafted(**given), "publish")

    def send(self, article: dict[str, Any], role: str, data: bytes, name: str = "file") -> Any:
        """A file sent to a draft; the answer."""
        form = {"role": role, "file": (io.BytesIO(data), name)}
        path = f"/staff/articles/{article['id']}/files"
        return self.desk("fenliu")._send("POST", path, data=form, content_type="multipart/form-data")

    def village(self, code: str) -> str:
        """The id of a village."""
        with self.app.app_context():
            found = run_unit(lambda: children(town_by_code("dongwan").id, "village"), writing=False)
        return str(next(place.id for place in found if place.code == code))

    def read(self, path: str, **query: str) -> Any:
        """What everybody reads; the answer's JSON."""
        answer = self.app.test_client().get(
            f"/api/v1/public/{path}", query_string={"town": "dongwan"} | query
        )
        assert answer.status_code == 200, answer.text
        return answer.json

    def page(self, article: dict[str, Any]) -> Any:
        """The page of an article; the answer."""
        return self.app.test_client().get(f"/api/v1/public/articles/{article['id']}")
