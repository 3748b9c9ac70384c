"""The demonstration's notices: signed by four people each, one corrected, one late, two on their way."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import func, select

from backend.demo.finance import bring_finance
from backend.demo.notices import bring_notices
from backend.kernel.db import db
from backend.notices.models import Notice, NoticeSignature
from backend.outbox.models import OutboxJob
from tests.factories.finance import clerk, inside
from tests.factories.identity import place_id, visitor


def test_two_villages_publish_as_their_people_sign(app: Flask) -> None:
    town = place_id(app, "dongwan")
    duties = {"clerk": "wenshu", "supervisor": "jiandu", "secretary": "shuji", "village": "cunzhang"}

    def told() -> Counter[str]:
        staff = {f"{duty}0{n}": clerk(f"{name}{n}") for duty, name in duties.items() for n in (1, 2)}
        staff |= {"dispatcher": clerk("fenliu"), "leader": clerk("lingdao"), "dispatcher2": clerk("fenliu2")}
        with db.session.begin_nested():  # as the loader does: what is owed is written at once, and taken back
            bring_finance(town, staff)
            assert bring_notices(town, staff) == 19
        return Counter(db.session.scalars(select(Notice.state)))

    states = inside(app, told)
    assert states["submitted"] == states["confirmed"] == 1
    assert states.total() == 19
    public = visitor(app).get("/public/notices", query_string={"town": "dongwan"}).json["items"]
    assert len(public) == 15, "the allowances are for their village alone; a supplement is not listed"
    assert [one["days_late"] for one in public if one["days_late"]] == [11]
    corrected = next(one for one in public if one["supplements"])
    page = visitor(app).get(f"/public/notices/{corrected['id']}").json
    assert [one["number"] for one in page["versions"]] == [1, 2]
    assert len({one["name"] for one in page["chain"]}) == 4
    [own] = [one for one in public if not one["village_name"]]
    chain = visitor(app).get(f"/public/notices/{own['id']}").json["chain"]
    assert [one["step_label"] for one in chain] == ["镇拟定", "镇领导审定", "镇发布"]
    assert len({one["name"] for one in chain}) == 3
    most = select(func.count()).select_from(NoticeSignature).group_by(NoticeSignature.notice_id)
    assert max(inside(app, lambda: list(db.session.scalars(most)))) == 4
    owed = select(func.count()).select_from(OutboxJob).where(OutboxJob.lane.like("notice:%"))
    assert inside(app, lambda: db.session.scalar(owed)) == 0
