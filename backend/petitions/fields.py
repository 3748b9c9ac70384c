"""What the edges of 信访直通车 demand or take: the fields that states.py names, as data."""

from __future__ import annotations

from backend.workflow.table import Field, Option

OPTIONAL_NOTE = Field("note", "说明", "text", required=False, most=1000)
ASSIGNEE = Field("unit_id", "责任单位", "assignee")
UNTIL = Field("until", "到哪一天", "date")
#: legal routes (1) to (5) of 《信访工作条例》 article 31; the sixth is the petition procedure itself
LEGAL_ROUTES = (
    Option("1", "（一）诉讼、行政复议、检察监督、公安程序"),
    Option("2", "（二）仲裁（劳动、土地承包等）"),
    Option("3", "（三）党员申诉、申请复审"),
    Option("4", "（四）行政复议、裁决、确认、许可、处罚"),
    Option("5", "（五）申请查处违法、履行保护职责"),
)
BRANCH = Field("branch", "走哪一种法定途径", "choice", options=LEGAL_ROUTES)
#: a document of another body has that body's number, as it stands on it
THEIR_NUMBER = Field("number", "原件文号（意见书上的编号）", "line", most=40)
WHERE = Field("body", "应当找哪里（信访人会看到）", "line", most=80)
# Article 32: what an opinion on a claim may come to; and what may become of a suggestion (article 29).
OUTCOME = Field(
    "outcome",
    "处理意见",
    "choice",
    options=(
        Option("supported", "请求事实清楚，予以支持"),
        Option("explained", "请求合理但缺乏法律依据，作出解释说明"),
        Option("not_supported", "缺乏事实依据或不符合规定，不予支持"),
        Option("adopted", "建议予以采纳"),
        Option("partly_adopted", "建议部分采纳"),
        Option("not_adopted", "建议暂不采纳"),
    ),
)
#: PET-10: the four parts without which there is no opinion
OPINION = (
    OUTCOME,
    Field("claim", "投诉请求", "text", most=2000),
    Field("facts", "查明的事实和理由", "text", most=4000),
    Field("note", "处理意见", "text", most=4000),
    Field("basis", "法律、法规或政策依据", "text", most=2000),
)
WAY = Field(
    "way",
    "送达方式",
    "choice",
    options=(Option("in_person", "当面"), Option("post", "邮寄"), Option("other", "其他")),
)
DELIVERY = (
    WAY,
    Field("delivered_on", "送达日期", "date"),
    Field("signed", "签收", "choice", options=(Option("signed", "签收"), Option("refused", "拒收"))),
    Field(
        "stance",
        "信访人意见",
        "choice",
        options=(
            Option("agrees", "同意"),
            Option("disagrees", "不同意"),
            Option("unclear", "无明确意见"),
        ),
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
RATING = (SCORE, Field("note", "理由（不满意时必填）", "text", required=False, most=500))
_YES_NO = (Option("yes", "是"), Option("no", "否"))
# §1.4 回访: what a call-back finds out; it is no rating and changes none.
CALL_BACK = (
    Field(
        "way",
        "回访方式",
        "choice",
        options=(Option("visit", "当面"), Option("phone", "电话"), Option("other", "其他")),
    ),
    Field("got_notice", "收到告知书了吗", "choice", options=_YES_NO),
    Field("got_opinion", "收到处理意见书了吗", "choice", options=_YES_NO),
    Field("carried_out", "处理意见落实了吗", "choice", required=False, options=_YES_NO),
    Field("note", "信访人说了什么", "text", required=False, most=1000),
)
SAME_MATTER = Field("into_code", "并入哪一件（查询码）", "case", most=14)


def words(label: str, name: str = "note", most: int = 1000) -> Field:
    """A text that is demanded, under its own label."""
    return Field(name, label, "text", most=most)
