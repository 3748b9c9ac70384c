"""What the edges of 随手拍 demand or take: the fields that states.py names, as data."""

from __future__ import annotations

from backend.workflow.table import Field, Option

NOTE = Field("note", "说明", "text", most=1000)
OPTIONAL_NOTE = Field("note", "说明", "text", required=False, most=1000)
PHOTOS = Field("media_ids", "照片", "photos", required=False, most=9)
ASSIGNEE = Field("unit_id", "交给谁办", "assignee")
UNTIL = Field("until", "到哪一天", "date")
OUTCOME = Field(
    "outcome",
    "办理结果",
    "choice",
    options=(
        Option("resolved", "已解决"),
        Option("explained", "已解释说明"),
        Option("partly", "部分解决"),
        Option("unsolvable", "暂无法解决"),
    ),
)
SCORE = Field(
    "score",
    "您满意吗",
    "rating",
    options=(
        Option("satisfied", "满意"),
        Option("basically", "基本满意"),
        Option("unsatisfied", "不满意"),
    ),
)
# HOT-03: what is not accepted here, each with the right channel named beside it.
NOT_OURS = Field(
    "reason",
    "不予受理的原因",
    "choice",
    options=(
        Option("other_body", "属于其他部门或上级的职责"),
        Option("legal_route", "应走诉讼、仲裁、复议或纪检监察等法定途径"),
        Option("petition", "已经作为信访事项在办"),
        Option("concluded", "已经依法办结，没有新的事实"),
        Option("emergency", "应当拨打 110、119、120、122"),
        Option("secret", "涉及国家秘密、商业秘密或他人隐私"),
        Option("unclear", "没有具体的事，补充后仍然不清楚"),
    ),
)
RIGHT_PLACE = Field("body", "应当找哪里（居民会看到）", "line", most=80)
UPSTREAM = (
    Field("body", "转给哪个上级或部门", "line", most=80),
    Field("external_number", "对方的编号", "line", required=False, most=64),
    Field("until", "对方要求的办结日期", "date", required=False),
    Field("note", "说明（居民会看到）", "text", required=False, most=1000),
)
LEAD_CASE = Field("into_code", "并入哪一件（查询码）", "case", most=14)
_YES_NO = (Option("yes", "是"), Option("no", "否"))
# §1.4 回访, HOT-09: what a call-back finds out.
CALL_BACK = (
    Field(
        "way",
        "回访方式",
        "choice",
        options=(Option("phone", "电话"), Option("visit", "当面"), Option("message", "消息")),
    ),
    Field("reached", "联系上了吗", "choice", options=_YES_NO),
    Field("solved", "居民说解决了吗", "choice", required=False, options=_YES_NO),
    Field("satisfaction", "居民满意吗", "choice", required=False, options=SCORE.options),
    Field("note", "居民说了什么", "text", required=False, most=1000),
)


def words(label: str, name: str = "note", most: int = 1000) -> Field:
    """A text that is demanded, under its own label."""
    return Field(name, label, "text", most=most)
