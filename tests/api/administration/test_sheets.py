"""Excel in and out: checked whole, confirmed, written once or not at all; exported within the asker's reach."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from backend.audit.models import AuditEntry
from backend.identity.models import OrgUnit, Staff
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.outbox import leases
from backend.sheets import jobs, services
from backend.sheets.models import SheetPart
from tests.api.administration.test_dictionaries import row as category_row
from tests.factories.cases import LAMP, Cast
from tests.support.people import Person

RunJobs = Callable[[], Any]
UNITS = ["单位名称", "类型", "上级单位", "所在地点", "公开电话", "启用"]
CATEGORIES = ["编码", "名称", "大类编码", "紧急程度", "受理时限", "受理时限单位", "答复时限", "答复时限单位"]
GOOD = ["0203", "健身器材损坏", "02", "一般", 2, "工作小时", 3, "工作日"]


def book(header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """An Excel file with one sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line in (header, *rows):
        sheet.append(list(line))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(data: bytes) -> list[list[Any]]:
    """The first sheet's cells."""
    opened = openpyxl.load_workbook(io.BytesIO(data))
    return [[cell.value for cell in line] for line in opened.worksheets[0].iter_rows()]


def send(person: Person, kind: str, data: bytes, name: str = "表.xlsx") -> Any:
    """Upload a file; the answer."""
    return person._send("POST", f"/staff/sheets/imports/{kind}?name={name}", data=data)


def job(person: Person, made: Any) -> dict[str, Any]:
    """How far a job has come."""
    found: dict[str, Any] = person.get(f"/staff/sheets/jobs/{made.json['id']}").json
    return found


def checked(person: Person, kind: str, data: bytes, run_jobs: RunJobs) -> tuple[Any, dict[str, Any]]:
    """Upload a file and have it checked: the job's first answer, and how it stands then."""
    made = send(person, kind, data)
    assert made.status_code == 201, made.text
    run_jobs()
    return made, job(person, made)


def confirm(person: Person, made: Any, **body: Any) -> Any:
    """Confirm an import; the answer."""
    return person.post(f"/staff/sheets/jobs/{made.json['id']}/confirm", body)


def fetch(person: Person, made: Any) -> Any:
    """The file of a job; the answer."""
    return person.post(f"/staff/sheets/jobs/{made.json['id']}/file")


def export(person: Person, kind: str, run_jobs: RunJobs, **filters: str) -> list[list[Any]]:
    """The cells of an export."""
    made = person.post(f"/staff/sheets/exports/{kind}", {"filters": filters})
    assert made.status_code == 201, made.text
    run_jobs()
    done = job(person, made)
    assert done["state"] == "done", done
    return read(fetch(person, made).data)


class TestImport:
    """导入."""

    def test_nothing_is_written_before_it_is_confirmed_and_then_all_of_it(
        self, app: Flask, admin: Person, run_jobs: RunJobs
    ) -> None:
        made, seen = checked(admin, "categories", book(CATEGORIES, GOOD), run_jobs)
        assert (seen["state"], seen["summary"]["right"], seen["may_confirm"]) == ("checked", 1, True)
        assert "0203" not in [c["code"] for c in admin.get("/staff/categories").json["items"]]
        assert confirm(admin, made).status_code == 200
        run_jobs()
        done = job(admin, made)
        assert (done["state"], done["summary"]["changed"]) == ("done", 1)
        assert category_row(admin, "0203")["limit_text"] == "3个工作日"
        assert confirm(admin, made).status_code == 409

    def test_faults_are_told_by_cell_and_the_rows_that_are_right_can_be_taken(
        self, admin: Person, run_jobs: RunJobs
    ) -> None:
        bad = ["0204", "", "02", "很急", 999, "工作小时", 3, "工作日"]
        made, seen = checked(admin, "categories", book(CATEGORIES, GOOD, bad), run_jobs)
        assert (seen["state"], seen["summary"]["right"], seen["summary"]["wrong"]) == ("faulty", 1, 1)
        told = {(f["row"], f["column"]) for f in seen["summary"]["faults"]}
        assert told == {(3, "名称"), (3, "紧急程度"), (3, "受理时限")}
        file = openpyxl.load_workbook(io.BytesIO(fetch(admin, made).data)).worksheets[0]
        header = [cell.value for cell in file[1]]
        assert header[-1] == "错误"
        assert "名称必填" in file.cell(3, len(header)).value
        wrong = file.cell(3, header.index("紧急程度*") + 1)
        assert (wrong.value, wrong.fill.fgColor.rgb) == ("很急", "FFFDE5E3")
        assert file.cell(2, len(header)).value is None
        assert confirm(admin, made).status_code == 409, "not without saying so"
        assert confirm(admin, made, partial=True).status_code == 200
        run_jobs()
        assert job(admin, made)["state"] == "done_with_errors"
        codes = [c["code"] for c in admin.get("/staff/categories").json["items"]]
        assert ("0203" in codes, "0204" in codes) == (True, False)

    def test_a_mended_error_file_can_be_sent_in_as_it_is(self, admin: Person, run_jobs: RunJobs) -> None:
        bad = ["0204", "", *GOOD[2:]]
        made, _ = checked(admin, "categories", book(CATEGORIES, bad), run_jobs)
        again = openpyxl.load_workbook(io.BytesIO(fetch(admin, made).data))
        again.worksheets[0]["B2"] = "水龙头"
        out = io.BytesIO()
        again.save(out)
        _, seen = checked(admin, "categories", out.getvalue(), run_jobs)
        assert seen["state"] == "checked"

    def test_a_circle_in_the_tree_is_refused_naming_the_rows(self, admin: Person, run_jobs: RunJobs) -> None:
        rows = [
            ["甲办", "站所部门", "丙办", "dongwan"],
            ["乙办", "站所部门", "甲办", "dongwan"],
            ["丙办", "站所部门", "乙办", "dongwan"],
            ["丁办", "站所部门", "", "dongwan"],
        ]
        made, seen = checked(admin, "units", book(UNITS, *rows), run_jobs)
        assert seen["state"] == "faulty"
        assert {f["row"] for f in seen["summary"]["faults"]} == {2, 3, 4}
        assert "绕成了一个圈（第 2、3、4 行）" in seen["summary"]["faults"][0]["sentence"]
        assert confirm(admin, made, partial=True).json["code"] == "whole_only"
        assert export(admin, "units", run_jobs)[1:] == export(admin, "units", run_jobs)[1:]
        assert "丁办" not in [line[0] for line in export(admin, "units", run_jobs)]

    def test_a_circle_through_what_is_there_already_is_found(self, admin: Person, run_jobs: RunJobs) -> None:
        up = ["镇便民服务中心", "镇级中心", "湾头村第1网格", "dongwan"]
        _, seen = checked(admin, "units", book(UNITS, up), run_jobs)
        assert "绕成了一个圈（第 2 行）" in seen["summary"]["faults"][0]["sentence"]

    def test_a_tree_is_taken_parents_first_whatever_the_order(self, admin: Person, run_jobs: RunJobs) -> None:
        rows = [["小组", "站所部门", "大办", "dongwan"], ["大办", "站所部门", "镇便民服务中心", "dongwan"]]
        made, seen = checked(admin, "units", book(UNITS, *rows), run_jobs)
        assert seen["state"] == "checked", seen
        confirm(admin, made)
        run_jobs()
        lines = {line[0]: line[2] for line in export(admin, "units", run_jobs)}
        assert (lines["小组"], lines["大办"]) == ("大办", "镇便民服务中心")

    def test_a_holiday_table_with_a_missing_year(self, admin: Person, run_jobs: RunJobs) -> None:
        from tests.api.administration.test_holidays import YEAR

        lines = [[d, "调休上班" if w else "放假", n] for d, w, n in YEAR]
        next_but_one = [[d.replace("2027", "2029"), k, n] for d, k, n in lines if k == "放假"]
        next_but_one.append(["2029-02-10", "调休上班", ""])
        made, seen = checked(
            admin, "holidays", book(["日期", "类型", "名称"], *lines, *next_but_one), run_jobs
        )
        assert "2028年的放假安排还没有导入。" in [f["sentence"] for f in seen["summary"]["faults"]]
        assert confirm(admin, made, partial=True).status_code == 409
        made, seen = checked(admin, "holidays", book(["日期", "类型", "名称"], *lines), run_jobs)
        assert seen["state"] == "checked", seen
        confirm(admin, made)
        run_jobs()
        assert admin.get("/staff/holidays").json["covered_until"] == 2027

    def test_one_person_in_two_places(self, app: Flask, admin: Person, run_jobs: RunJobs) -> None:
        header = ["用户名", "姓名", "单位", "手机", "角色"]
        rows = [
            ["xinren", "新人甲", "城管所", "13800000001", "站所办理人"],
            ["xinren", "新人甲", "镇便民服务中心", "", ""],
            ["xinren2", "新人乙", "城管所", "13800000001", ""],
            ["xinren3", "新人丙", "没有的所", "", ""],
        ]
        made, seen = checked(admin, "people", book(header, *rows), run_jobs)
        told = {f["row"]: f["sentence"] for f in seen["summary"]["faults"]}
        assert "和第 2 行重复：一个人不能同时在两处" in told[3]
        assert "和第 2 行重复" in told[4] or "只能有一个账号" in told[4]
        assert told[5] == "没有单位“没有的所”"
        with app.app_context(), transaction(writing=False):
            assert db.session.scalar(select(func.count()).where(Staff.username.like("xinren%"))) == 0
        assert confirm(admin, made, partial=True).status_code == 200
        run_jobs()
        with app.app_context(), transaction(writing=False):
            assert db.session.scalars(select(Staff.username).where(Staff.username.like("xinren%"))).all() == [
                "xinren"
            ]

    @pytest.mark.parametrize(
        ("data", "status", "code"),
        [
            (b"name,age", 422, "not_excel"),
            (book(["编码", "名称"]), 422, "sheet_columns"),
            (book([*CATEGORIES, "多的"]), 422, "sheet_columns"),
            (b"x" * 5_000_001, 413, "sheet_too_large"),
        ],
    )
    def test_what_is_no_sheet_of_ours_is_refused_at_once(
        self, admin: Person, data: bytes, status: int, code: str
    ) -> None:
        answer = send(admin, "categories", data)
        assert (answer.status_code, answer.json["code"]) == (status, code)
        assert admin.get("/staff/sheets/jobs").json["items"] == []

    def test_macros_bombs_and_formulas_are_refused(self, admin: Person, run_jobs: RunJobs) -> None:
        def with_file(name: str, size: int) -> bytes:
            out = io.BytesIO(book(CATEGORIES, GOOD))
            with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr(name, b"0" * size)
            return out.getvalue()

        assert send(admin, "categories", with_file("xl/vbaProject.bin", 9)).json["code"] == "sheet_macro"
        bomb = with_file("xl/worksheets/big.xml", 70_000_000)
        assert send(admin, "categories", bomb).json["code"] == "sheet_too_large"
        formula = ["0203", "=1+1", *GOOD[2:]]
        _, seen = checked(admin, "categories", book(CATEGORIES, formula), run_jobs)
        assert "公式" in seen["summary"]["faults"][0]["sentence"]

    def test_too_many_rows_have_a_sentence(
        self, admin: Person, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("backend.sheets.reading.MOST_ROWS", 3)
        rows = [[f"03{n:02}", *GOOD[1:]] for n in range(5)]
        _, seen = checked(admin, "categories", book(CATEGORIES, *rows), run_jobs)
        assert seen["state"] == "failed"
        assert "一次最多导入 3 行" in seen["summary"]["sentence"]

    def test_it_is_read_in_steps_and_a_step_done_twice_counts_once(
        self, app: Flask, admin: Person, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "READ_CHUNK", 2)
        rows = [[f"03{n:02}", f"类别{n}", *GOOD[2:]] for n in range(5)]
        made = send(admin, "categories", book(CATEGORIES, *rows))
        killed = []

        def dies_once(*args: Any, **options: Any) -> Any:
            if not killed and job_step(args) == 1:
                killed.append(1)
                raise KeyboardInterrupt
            return real(*args, **options)

        def job_step(args: Any) -> int:
            return int(args[-1])

        real = jobs._STAGES["read"]
        monkeypatch.setitem(jobs._STAGES, "read", dies_once)
        with pytest.raises(KeyboardInterrupt):
            run_jobs()
        assert job(admin, made)["done"] == 2, "the step before it stays, its own is undone"
        _expire_leases(app)
        run_jobs()
        seen = job(admin, made)
        assert (seen["state"], seen["done"], seen["summary"]["rows"]) == ("checked", 5, 5)
        assert killed

    def test_what_is_refused_when_it_is_written_undoes_all_of_it(
        self, app: Flask, cast: Cast, admin: Person, run_jobs: RunJobs
    ) -> None:
        header = ["用户名", "姓名", "单位"]
        rows = [["xinren", "新人甲", "镇便民服务中心"], ["xinren2", "新人乙", "城管所"]]
        made, seen = checked(admin, "people", book(header, *rows), run_jobs)
        assert seen["state"] == "checked", seen
        confirm(admin, made)
        with app.app_context():
            run_unit(
                lambda: db.session.execute(
                    update(OrgUnit).where(OrgUnit.name == "城管所").values(name="城市管理所")
                )
            )
        run_jobs()
        done = job(admin, made)
        assert done["state"] == "failed"
        assert done["summary"]["sentence"].startswith("第 3 行：没有单位“城管所”。一行也没有写入")
        with app.app_context(), transaction(writing=False):
            assert db.session.scalar(select(func.count()).where(Staff.username.like("xinren%"))) == 0

    def test_rows_are_tried_in_chunks_and_each_fault_is_found(
        self, admin: Person, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "TRY_CHUNK", 2)
        rows = [[f"ren{n}", f"新人{n}", "城管所" if n % 2 else "没有的所"] for n in range(5)]
        _, seen = checked(admin, "people", book(["用户名", "姓名", "单位"], *rows), run_jobs)
        assert [f["row"] for f in seen["summary"]["faults"]] == [2, 4, 6]
        assert (seen["summary"]["right"], seen["done"], seen["total"]) == (2, 5, 5)

    def test_a_kind_has_its_own_limit_of_rows(self, admin: Person, run_jobs: RunJobs) -> None:
        rows = [[f"标题{n}", "内容"] for n in range(301)]
        _, seen = checked(admin, "replies", book(["标题", "内容"], *rows), run_jobs)
        assert seen["summary"]["faults"][0]["sentence"] == "标准答复一次最多导入 300 行，请分成几个文件。"

    def test_what_changed_since_the_check_is_checked_again(
        self, cast: Cast, admin: Person, run_jobs: RunJobs
    ) -> None:
        fresh = ["0203", "健身器材损坏", "77", "新大类", *GOOD[3:]]
        header = [*CATEGORIES[:3], "大类名称", *CATEGORIES[3:]]
        made, seen = checked(admin, "categories", book(header, fresh), run_jobs)
        assert seen["state"] == "checked"
        confirm(admin, made)
        cast_out(cast, "guanli")
        run_jobs()
        with cast.app.app_context(), transaction(writing=False):
            from backend.reports.models import Category

            assert db.session.scalar(select(func.count()).where(Category.code == "0203")) == 0

    def test_a_cancelled_import_writes_nothing(self, admin: Person, run_jobs: RunJobs) -> None:
        made, _ = checked(admin, "categories", book(CATEGORIES, GOOD), run_jobs)
        assert admin.post(f"/staff/sheets/jobs/{made.json['id']}/cancel").json["state"] == "cancelled"
        assert confirm(admin, made).status_code == 409
        assert fetch(admin, made).status_code == 404


def cast_out(cast: Cast, username: str) -> None:
    """Switch an account off behind everybody's back."""
    with cast.app.app_context():
        run_unit(
            lambda: db.session.execute(update(Staff).where(Staff.username == username).values(active=False))
        )


def _expire_leases(app: Flask) -> None:
    from backend.kernel.clock import now
    from backend.outbox.models import LEASED, OutboxJob

    with app.app_context():
        run_unit(
            lambda: db.session.execute(
                update(OutboxJob).where(OutboxJob.state == LEASED).values(due_at=now() - timedelta(seconds=1))
            )
        )
    assert leases


class TestExport:
    """导出."""

    def test_the_queue_within_the_askers_reach_and_filters(self, cast: Cast, run_jobs: RunJobs) -> None:
        cast.submit(text="=1+1 打我电话 13812345678")
        cast.bring_to("dispatched", text="第二件")
        lines = export(cast.desk("fenliu"), "queue", run_jobs)
        assert len(lines) == 3
        assert lines[0][:2] == ["查询码", "事项"]
        titles = [line[1] for line in lines[1:]]
        assert "'=1+1 打我电话 138****5678" in titles, "no formula, no phone"
        assert [
            line[1] for line in export(cast.desk("fenliu"), "queue", run_jobs, state="dispatched")[1:]
        ] == ["第二件"]
        assert len(export(cast.desk("cunzhang2"), "queue", run_jobs)) == 1, "nothing of another village"
        assert len(export(cast.desk("xfenliu"), "queue", run_jobs)) == 1, "nothing of another town"

    def test_the_reach_is_that_of_the_moment_it_runs(self, cast: Cast, run_jobs: RunJobs) -> None:
        cast.submit()
        fenliu = cast.desk("fenliu")
        made = fenliu.post("/staff/sheets/exports/queue", {})
        with cast.app.app_context():
            from backend.identity.models import StaffRole

            run_unit(
                lambda: [
                    db.session.delete(r)
                    for r in db.session.scalars(
                        select(StaffRole).where(StaffRole.staff_id == int(fenliu.me["id"]))
                    )
                ]
            )
        run_jobs()
        assert job(fenliu, made)["state"] == "failed"
        assert fetch(fenliu, made).status_code == 404

    def test_only_the_asker_fetches_it_and_for_a_day(
        self, app: Flask, cast: Cast, run_jobs: RunJobs, clock: FrozenClock
    ) -> None:
        made = cast.desk("fenliu").post("/staff/sheets/exports/queue", {})
        run_jobs()
        assert fetch(cast.desk("fenliu2"), made).status_code == 404
        assert cast.desk("fenliu2").get(f"/staff/sheets/jobs/{made.json['id']}").status_code == 404
        assert fetch(cast.desk("fenliu"), made).status_code == 200
        with app.app_context(), transaction(writing=False):
            told = set(db.session.scalars(select(AuditEntry.what)).all())
        assert {"sheet.export", "sheet.fetch"} <= told
        clock.advance(timedelta(hours=25))
        assert fetch(cast.desk("fenliu"), made).json["code"] == "file_gone"
        with app.app_context():
            run_unit(services.purge)
            assert run_unit(lambda: db.session.scalar(select(func.count()).select_from(SheetPart))) == 0

    def test_too_many_rows_are_refused_with_advice(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        cast.submit()
        cast.submit()
        monkeypatch.setattr(services, "MOST_EXPORTED", 1)
        answer = cast.desk("fenliu").post("/staff/sheets/exports/queue", {})
        assert answer.status_code == 422
        assert "请缩小" in answer.json["message"]

    def test_what_is_exported_can_be_sent_in_again(self, admin: Person, run_jobs: RunJobs) -> None:
        made = admin.post("/staff/sheets/exports/categories", {})
        run_jobs()
        _, seen = checked(admin, "categories", fetch(admin, made).data, run_jobs)
        assert seen["state"] == "checked", seen["summary"]

    def test_people_with_masked_phones_and_the_log(
        self, cast: Cast, admin: Person, run_jobs: RunJobs
    ) -> None:
        lines = export(admin, "people", run_jobs)
        assert "城管甲" in [line[1] for line in lines]
        assert "手机（隐去中间）" in lines[0]
        lamp = category_row(admin, LAMP)
        admin.patch(f"/staff/categories/{lamp['id']}", {"limit_amount": 4, "version": lamp["version"]})
        told = export(admin, "log", run_jobs, what="category.change")
        assert told[1][1:] == ["管理甲", "修改类别", "类别 路灯不亮", "答复时限：5 → 4"]

    def test_a_kind_is_for_those_who_hold_its_permission(self, cast: Cast, admin: Person) -> None:
        assert admin.post("/staff/sheets/exports/queue", {}).status_code == 403
        fenliu = cast.desk("fenliu")
        for kind in ("people", "log", "categories", "units"):
            assert fenliu.post(f"/staff/sheets/exports/{kind}", {}).status_code == 403, kind
        assert send(fenliu, "categories", book(CATEGORIES, GOOD)).status_code == 403
        assert [k["code"] for k in fenliu.get("/staff/sheets/kinds").json["items"]] == ["queue"]

    @pytest.mark.parametrize("kind", ["categories", "replies", "holidays", "units", "people", "places"])
    def test_every_kind_has_a_template_that_it_takes(
        self, admin: Person, run_jobs: RunJobs, kind: str
    ) -> None:
        data = admin.get(f"/staff/sheets/kinds/{kind}/template").data
        _, seen = checked(admin, kind, data, run_jobs)
        assert [f["sentence"] for f in seen["summary"]["faults"]] == ["表里没有一行数据。"]

    def test_places_public_data(self, cast: Cast, admin: Person, run_jobs: RunJobs) -> None:
        header = ["地点编码", "名称", "网格员", "网格员电话"]
        lines = [["G01", "第1网格", "王甲", "0632-1"], ["没有", "哪里", "", ""]]
        made, seen = checked(admin, "places", book(header, *lines), run_jobs)
        assert [f["sentence"] for f in seen["summary"]["faults"]] == ["没有编码是“没有”的地点"]
        confirm(admin, made, partial=True)
        run_jobs()
        assert ["G01", "第1网格", "王甲", "0632-1"] in [
            line[:4] for line in export(admin, "places", run_jobs)
        ]
