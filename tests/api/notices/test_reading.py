"""Who reads what: everybody, or a village's own people; counted without persons; with files and sheets of finances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.finance.models import FinanceSheet
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from backend.notices.models import NoticeFile, NoticeReads
from backend.places.files.problems import ConfigProblems
from tests.factories.finance import put_sheet
from tests.factories.identity import place_id
from tests.factories.notices import NoticeCast, pdf, xlsx
from tests.factories.photos import photo

Run = Callable[[], Any]


def test_what_is_for_a_village_is_read_by_its_confirmed_villagers_alone(
    cast: NoticeCast, run_jobs: Run
) -> None:
    """OPEN-17: not on the open internet, not in search, not told to anybody else; the drafter cannot open it up."""
    notice = cast.published(category="village_allowance", audience="public", title="低保名单公示")
    run_jobs()
    assert notice["audience"] == "village"
    assert cast.public(f"/{notice['id']}").status_code == 404
    assert cast.public(f"/{notice['id']}/versions/1").status_code == 404
    assert cast.app.test_client().post(f"/api/v1/public/notices/{notice['id']}/read").status_code == 404
    assert cast.public().json["items"] == []
    found = cast.app.test_client().get(
        "/api/v1/public/search", query_string={"town": "dongwan", "words": "低保"}
    )
    assert found.json["items"] == []
    cast.confirm_villager("wang")
    cast.confirm_villager("li", "V02")
    for who, status, listed in (("wang", 200, 1), ("li", 404, 0), ("zhao", 404, 0)):
        seen = cast.resident(who)
        assert seen.get(f"/resident/notices/{notice['id']}").status_code == status, who
        assert len(seen.get("/resident/notices?town=dongwan").json["items"]) == listed, who


def test_readings_are_counted_and_nobody_is_kept(cast: NoticeCast, clock: FrozenClock) -> None:
    notice = cast.published()
    other = cast.published(title="另一项")
    for day in (2, 1):
        for _ in range(day):
            read = cast.app.test_client().post(f"/api/v1/public/notices/{notice['id']}/read")
            assert read.status_code == 204
        clock.advance(timedelta(days=1))
    rows = cast.within(lambda: [(r.notice_id, r.count) for r in db.session.scalars(select(NoticeReads))])
    assert rows == [(int(notice["id"]), 2), (int(notice["id"]), 1)]
    assert set(NoticeReads.__table__.c.keys()) == {"notice_id", "day", "times"}
    assert cast.seen(notice, "fenliu")["reads"] == 3
    assert cast.public(f"/{other['id']}").json["reads"] == 0


def test_a_published_notice_is_found_by_its_words_and_carries_how_late_it_is(
    cast: NoticeCast, run_jobs: Run
) -> None:
    """OPEN-04: a quarter's own, published after its day, says so to every reader."""
    notice = cast.published(category="village_paths", period="2025-Q4", title="村道养护情况")
    assert cast.public(f"/{notice['id']}").json["days_late"] == 54
    assert cast.draft(category="village_paths", period="2026-10").json["fields"]["period"]
    assert cast.draft(category="village_paths", period="2026-Q2").json["fields"]["period"], "yet to come"
    unsaid = cast.drafted(category="village_paths")
    assert cast.do(unsaid, "submit", "wenshu1").json["fields"]["period"]
    assert cast.draft(category="unheard_of").json["code"] == "category_unknown"
    run_jobs()
    found = cast.app.test_client().get(
        "/api/v1/public/search", query_string={"town": "dongwan", "words": "养护"}
    )
    assert [one["title"] for one in found.json["items"]] == ["村道养护情况"]


def test_somebodys_numbers_are_refused_with_their_place(cast: NoticeCast) -> None:
    """PIPL 25: phone, identity and bank numbers of people stand in no text, no opinion and no table."""
    refused = cast.draft(body="请联系13800138000")
    assert (refused.status_code, refused.json["code"]) == (422, "personal_data")
    assert refused.json["fields"]["body"] == ["第 4 个字起：手机号码"]
    notice = cast.drafted()
    table = cast.send(notice, xlsx(("姓名", "电话"), ("张某", "13800138000")), "名单.xlsx")
    assert table.status_code == 422
    assert table.json["fields"]["file"] == ["B2：手机号码"]
    cast.must(notice, "submit", "wenshu1")
    said = cast.do(notice, "agree", "jiandu1", note="打13800138000问过了")
    assert (said.status_code, said.json["code"]) == (422, "personal_data")
    assert cast.seen(notice, "fenliu")["state"] == "submitted", "nothing is half taken"


def test_files_are_shown_within_the_page(cast: NoticeCast, run_jobs: Run) -> None:
    notice = cast.drafted(body="")
    empty = cast.do(notice, "submit", "wenshu1")
    assert (empty.status_code, list(empty.json["fields"])) == (422, ["body"])
    for data, name in (
        (pdf(), "../合同.pdf"),
        (xlsx(("项目", "金额"), ("沙石", 1200)), "明细.xlsx"),
        (photo(), "现场.jpg"),
    ):
        sent = cast.send(notice, data, name)
        assert sent.status_code == 201, sent.text
    assert [one["state"] for one in sent.json["files"]] == ["drawing", "ready", "ready"]
    assert cast.do(notice, "submit", "wenshu1").json["fields"]["attachments"]
    run_jobs()
    cast.walked(notice)
    page = cast.public(f"/{notice['id']}").json
    first, second, third = page["attachments"]
    assert (first["name"], first["type"], first["page_count"], len(first["pages"])) == (
        "合同.pdf",
        "pdf",
        1,
        1,
    )
    assert first["pages"][0]["width"] == 1200
    assert (second["type"], second["table"]) == ("excel", [["项目", "金额"], ["沙石", "1200"]])
    assert (third["type"], third["name"]) == ("photo", "现场.jpg")
    listed = cast.public().json["items"][0]
    assert listed["attachments"] == 3
    kept = cast.within(lambda: db.session.get_one(NoticeFile, int(first["id"])).file_key)
    assert b"Li Si" not in cast.app.extensions["store"].read(kept)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"MZ\x90 a program", "a.exe", "file_unknown"),
        (b"%PDF-1.7 broken", "a.pdf", "pdf_broken"),
        (b"PK\x03\x04 no archive", "a.xlsx", "not_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.xls", "old_excel"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(
    cast: NoticeCast, data: bytes, name: str, code: str
) -> None:
    notice = cast.drafted()
    refused = cast.send(notice, data, name)
    assert (refused.status_code, refused.json["code"]) == (422, code), refused.text
    assert cast.seen(notice, "wenshu1")["files"] == []
    removed = cast.desk("wenshu1").delete(f"/staff/notices/{notice['id']}/attachments/1")
    assert removed.status_code == 404


def test_a_sheet_is_sealed_with_its_notice_and_public_with_it(cast: NoticeCast) -> None:
    """OPEN-04, OPEN-14: finances are published with the month's sheet; returned, it may be written again."""
    bare = cast.drafted(category="finance_sheet", period="2026-02", title="2月收支")
    assert cast.do(bare, "submit", "wenshu1").json["fields"]["sheet_id"]
    sheet_id = put_sheet(cast.app)

    def sheet(name: str) -> Any:
        return cast.within(lambda: getattr(db.session.get_one(FinanceSheet, sheet_id), name))

    wrong = cast.drafted(category="finance_sheet", period="2026-01", title="1月收支", sheet_id=str(sheet_id))
    assert cast.do(wrong, "submit", "wenshu1").json["code"] == "sheet_wrong"
    notice = cast.drafted(category="finance_sheet", period="2026-02", title="2月收支", sheet_id=str(sheet_id))
    cast.must(notice, "submit", "wenshu1")
    assert (sheet("state"), sheet("shown")) == ("sealed", False)
    cast.must(notice, "object", "jiandu1", note="第2笔没有票据")
    assert sheet("state") == "open"
    cast.walked(notice)
    assert (sheet("state"), sheet("shown")) == ("sealed", True)
    page = cast.public(f"/{notice['id']}").json
    assert (page["sheet_id"], page["days_late"]) == (str(sheet_id), 0)
    text = cast.public(f"/{notice['id']}/versions/1").json
    assert text["sheet"] == sheet("digest") != ""
    assert cast.app.test_client().get(f"/api/v1/public/finance-sheets/{sheet_id}").status_code == 200
    home: Any = cast.app.test_client().get(f"/api/v1/public/villages/{cast.village}/home").json
    assert (home["finance"]["notice_id"], home["finance"]["month"]) == (notice["id"], "2026-02")
    assert "2月收支" in [one["title"] for part in home["newest"] for one in part["items"]]


def test_a_towns_file_changes_words_and_never_who_may_read(cast: NoticeCast, tmp_path: Any) -> None:
    from backend.notices import categories

    default = categories._DEFAULT
    own = tmp_path / "notices.toml"
    own.write_text(
        'display_days = 7\n[[category]]\ncode = "village_allowance"\naudience = "public"\n'
        '[[category]]\ncode = "x"\n[[category]]\ncode = "y"\nlabel = "乙"\nkind = "unknown"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigProblems) as caught:
        categories.read(default, own)
    assert len(caught.value.problems) == 4
    read = cast.public("/categories").json["items"]
    assert {one["code"]: one["frequency_label"] for one in read}["village_paths"] == "每季度"
    assert [one["code"] for one in read if one["audience"] == "village"] == [
        "village_relief",
        "village_subsidy",
        "village_allowance",
    ]
    assert place_id(cast.app, "V01") == cast.village
