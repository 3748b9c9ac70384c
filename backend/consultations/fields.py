"""What the edges of 有事好商量 demand or take: the fields that states.py names, as data."""

from __future__ import annotations

from backend.workflow.table import Field, Option

OPTIONAL_NOTE = Field("note", "说明（会公开）", "text", required=False, most=1000)
#: CON-08: 重大 asks for thirty days; CON-06: 四议两公开 is an optional track
WEIGHT = Field(
    "weight",
    "是不是重大事项",
    "choice",
    options=(Option("ordinary", "一般事项"), Option("major", "重大事项（征求意见 30 天）")),
)
TRACK = Field(
    "track",
    "按什么程序定",
    "choice",
    options=(Option("plain", "协商定"), Option("four_two", "四议两公开")),
)
PUBLIC_TITLE = Field(
    "public_title", "公开时用的题目（原题目里有不宜公开的内容时填写）", "line", required=False, most=60
)
#: what is said when a topic is published
OPENING = (
    Field("asked", "请大家谈什么", "text", most=2000),
    Field("who_may", "谁可以参加", "text", most=300),
    Field("use_of_result", "结果怎么用", "text", most=500),
    Field("closes_on", "征求意见到哪一天", "date", required=False),
    Field("shorter_reason", "为什么缩短（会公开）", "text", required=False, most=300),
)
PROLONGING = (
    Field("closes_on", "延长到哪一天", "date"),
    Field("note", "为什么延长（会公开）", "text", most=300),
)
CONCLUSION = (Field("conclusion", "结论（会公开）", "text", most=4000),)
HANDING_OVER = (
    Field("unit_id", "由谁落实", "assignee"),
    Field("until", "落实到哪一天", "date"),
    OPTIONAL_NOTE,
)
FINISHING = (Field("note", "落实的结果（会公开）", "text", most=2000),)


def words(label: str, name: str = "note", most: int = 1000) -> Field:
    """A text that is demanded, under its own label."""
    return Field(name, label, "text", most=most)
