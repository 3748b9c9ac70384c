"""What 信访直通车 tells whom, as plain words; table.py makes messages of them.

A petition's message gives nothing away, on a lock screen or to whoever looks over a shoulder: no topic, no
place, no words of anybody. What has happened stands behind the login (§1.5).
"""

from __future__ import annotations

from collections.abc import Mapping

RESIDENT, OFFICE, HEAD = "resident", "petition_office", "leaders"
HANDLER, ASKER, FORMER = "handler", "asker", "former"

#: (audience, title, text) of each step
Said = tuple[str, str, str]
_MOVED: Said = (RESIDENT, "您反映的事项有新进展", "您反映的事项（查询码 {code}）：{status}。{next_step}")
_NEWS: Said = (RESIDENT, "您反映的事项有新进展", "您反映的事项（查询码 {code}）有新进展，请点开查看。")
_GIVEN: Said = (
    HANDLER,
    "有一件事项交给您",
    "查询码 {code} 已交给您或您的单位，请到电脑端办理。{due_sentence}",
)


def _office(title: str, text: str) -> Said:
    return OFFICE, title, f"查询码 {{code}}：{text}"


def _head(title: str, text: str) -> Said:
    return HEAD, title, f"查询码 {{code}}：{text}"


def _handler(title: str, text: str) -> Said:
    return HANDLER, title, f"查询码 {{code}}：{text}"


STEPS: Mapping[str, tuple[Said, ...]] = {
    "file": (
        (RESIDENT, "已登记您反映的事项", "您反映的事项已经登记，查询码 {code}。{next_step}"),
        _office("有一件新登记的事项", "新登记，请在期限内书面告知。"),
    ),
    "accept": (_MOVED, _GIVEN),
    "accept_simple": (_MOVED, _GIVEN),
    "study": (_MOVED, _GIVEN),
    "to_ordinary": (_NEWS,),
    "above_accepts": (_NEWS,),
    "guide": (_MOVED,),
    "transfer": (_MOVED,),
    "refuse": (_MOVED,),
    "no_longer_accept": (_MOVED,),
    "object": (_MOVED,),
    "sender_agrees": (_MOVED,),
    "sender_declines": (_MOVED,),
    "join": (_MOVED,),
    "start": (_MOVED,),
    "reassign": (
        _MOVED,
        _GIVEN,
        (FORMER, "一件事项已改交", "查询码 {code} 已改交{assignee}，不用再办。"),
    ),
    "add_unit": ((HANDLER, "请您的单位协办", "查询码 {code} 请您的单位协助办理，请到电脑端查看。"),),
    "ask_extension": (_head("有延期申请，请批", "申请延到 {until}，请到电脑端批。"),),
    "approve_extension": (
        _NEWS,
        (ASKER, "延期申请已同意", "查询码 {code} 同意延到 {until}。"),
    ),
    "refuse_extension": ((ASKER, "延期申请未同意", "查询码 {code} 未同意延期，请按期办理。"),),
    "hold_hearing": (_NEWS,),
    "agree_mediation": (_NEWS,),
    "settle": (_MOVED, _office("双方达成协议", "已登记书面协议。")),
    "draft_opinion": (_head("有处理意见待签发", "处理意见已经拟好，请审核签发。"),),
    "send_back": (_handler("处理意见退回修改", "请按要求修改后再提交。"),),
    "approve_opinion": (_MOVED, _office("处理意见书待送达", "已经签发，请送达并登记送达日期。")),
    "deliver": (_MOVED, _handler("处理意见书已送达", "已经送达。")),
    "ask_review": (_office("有新的申请，请处理", "信访人申请复查，请报上一级机关。"),),
    "record_review": (_MOVED,),
    "ask_reexamination": (_office("有新的申请，请处理", "信访人申请复核，请报上一级机关。"),),
    "begin_hearing": (_MOVED,),
    "end_hearing": (_MOVED,),
    "record_reexamination": (_MOVED,),
    "window_over": (_MOVED,),
    "answer_joined": (_NEWS,),
    "supplement": (
        _office("补充了材料", "信访人补充了材料，请查看。"),
        _handler("补充了材料", "信访人补充了材料，请查看。"),
    ),
    "withdraw": (
        _office("已撤回", "信访人已撤回，不用再办。"),
        _handler("已撤回", "信访人已撤回，不用再办。"),
    ),
    "ask_avoidance": (
        _office("申请回避，请决定", "信访人申请工作人员回避，请决定。"),
        _head("申请回避", "信访人申请工作人员回避。"),
    ),
    "report_urgent": (
        _head("重大紧急事项，请立即处置", "作为重大紧急事项报告，请立即查看。"),
        _office("重大紧急事项", "已作为重大紧急事项报告。"),
    ),
    "carry_out": (_NEWS, _office("登记了落实情况", "已登记落实情况，请回访核实。")),
    "clock_warning": (
        _office("期限快到了", "{clock}将于 {due} 到，请抓紧。"),
        _handler("期限快到了", "{clock}将于 {due} 到，请抓紧。"),
    ),
    "clock_breach": (
        _office("超过法定期限", "{clock}已于 {due} 到期，请立即处理并说明。"),
        _handler("超过法定期限", "{clock}已于 {due} 到期，请立即处理并说明。"),
        _head("超过法定期限", "{clock}已于 {due} 到期。"),
    ),
}
#: steps that tell nobody, each with the reason
SILENT: Mapping[str, str] = {
    "register": "written down by the office at its own desk for somebody who has no account",
    "receive": "written down by the office at its own desk, from another body",
    "note": "between colleagues, read where the petition is read",
    "rate_office": "the petitioner's own word; it changes no result and stands on the page",
    "rate_unit": "the petitioner's own word; it changes no result and stands on the page",
    "exclude_person": "whoever has to keep out of it must not hear of it, least of all from us",
    "call_back": "the petitioner was just spoken to; it stands on the page",
}
