"""The words of each deed: what goes, and what the law still obliges the office to keep. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stay:
    """Something that stays: what, why, by which law, until when."""

    what: str
    why: str
    source: str
    until: str


@dataclass(frozen=True)
class DeedWords:
    """One deed: its name, what it erases, what stays, and the words when it is done."""

    title: str
    goes: tuple[str, ...]
    stays: tuple[Stay, ...]
    done: str


KEPT_MATTER = Stay(
    "这件事的内容、照片、办理经过和答复",
    "是办事的记录，要能查清当时怎么办的；从此只保存，不再显示给工作人员，也不作他用",
    "档案法第 13、14 条；个人信息保护法第 47 条",
    "按档案规定",
)
KEPT_PETITION = Stay(
    "信访事项的内容、材料、告知书和意见书（连同上面的姓名、住址）",
    "信访档案要能查清收到什么、怎么答复的；和您的账号断开，从此只保存",
    "档案法第 13、14 条；个人信息保护法第 47 条",
    "按档案规定",
)
KEPT_TRACES = Stay(
    "谁看过、改过的留痕",
    "网络日志依法至少留存六个月；只保存，不作他用",
    "网络安全法第 23 条",
    "不少于 6 个月",
)
KEPT_ACCOUNT = Stay(
    "您同意和收回同意的时间",
    "要能说明当时依据的是您的同意；里面没有姓名、电话和微信编号",
    "个人信息保护法第 55、56 条",
    "3 年",
)
MATTER_GOES_ON = Stay(
    "正在办的事照样办", "办理是法定职责，不靠这一项同意", "个人信息保护法第 13、34 条", "到办结"
)

DEEDS: dict[str, DeedWords] = {
    "withdraw_contact": DeedWords(
        "收回：留给我们的电话",
        ("账号上的电话", "您报的每一件事里的联系人、联系电话"),
        (MATTER_GOES_ON, KEPT_ACCOUNT),
        "电话已经删除。以后只在“消息”里答复您。",
    ),
    "withdraw_location": DeedWords(
        "收回：准确位置",
        ("已办结的事里的准确位置（换成所在网格的中心）", "已办结的事里的补充地址"),
        (
            Stay(
                "正在办的事的位置",
                "承办人要凭它找到地方；办结后您可以再点一次，或满 90 天自动模糊",
                "个人信息保护法第 13、34 条",
                "到办结",
            ),
            KEPT_ACCOUNT,
        ),
        "准确位置已经删除，只留所在网格。",
    ),
    "withdraw_messages": DeedWords(
        "收回：用微信提醒我",
        ("微信消息的授权次数", "以后不再发微信消息"),
        (
            Stay(
                "“消息”里的内容",
                "不开微信提醒，也要能在这里看到办到哪一步",
                "个人信息保护法第 13、34 条",
                "2 年",
            ),
            KEPT_ACCOUNT,
        ),
        "微信提醒已经停了。进展仍在“消息”里。",
    ),
    "withdraw_nickname": DeedWords("收回：微信昵称", ("微信昵称",), (KEPT_ACCOUNT,), "昵称已经删除。"),
    "withdraw_guardian": DeedWords(
        "收回：替孩子的同意",
        ("您作为监护人的同意：孩子的账号以后不能再报事，直到有监护人重新同意",),
        (MATTER_GOES_ON, KEPT_ACCOUNT),
        "监护人同意已经收回。",
    ),
    "withdraw_consent": DeedWords(
        "收回全部同意",
        (
            "电话、联系人",
            "已办结的事里的准确位置和补充地址",
            "微信昵称、微信消息的授权",
            "您对隐私说明的同意（下次报事时会再问您）",
        ),
        (MATTER_GOES_ON, KEPT_ACCOUNT),
        "全部同意已经收回。正在办的事照样办。",
    ),
    "delete_case": DeedWords(
        "删除这件事里您的部分",
        (
            "联系人、联系电话",
            "准确位置（换成所在网格的中心）、补充地址",
            "您在办理中写的补充、评价说明",
            "这件事和您的联系：以后不在“我的上报”里",
            "关于这件事发给您的消息",
        ),
        (KEPT_MATTER, KEPT_TRACES),
        "这件事里您的部分已经删除。",
    ),
    "delete_all": DeedWords(
        "删除我的全部信息",
        (
            "每一件已办结的事里您的部分：联系方式、准确位置、补充、评价说明",
            "账号上的电话、昵称，微信消息的授权",
            "已经有结果的信访事项里您的电话、身份证号、评价理由，和您账号的联系",
            "您公开说过的话、附议和举报，对还没结束的议题里观点的表态",
            "没有提交的照片",
        ),
        (KEPT_MATTER, KEPT_PETITION, KEPT_TRACES, KEPT_ACCOUNT),
        "能删的都删了。账号还在，可以继续用。",
    ),
    "close_account": DeedWords(
        "注销账号",
        (
            "微信编号（openid、unionid）、昵称、电话",
            "所有登录状态：每部手机都会退出",
            "“消息”里的内容、微信消息的发送记录",
            "每一件事里您的部分",
        ),
        (KEPT_MATTER, KEPT_PETITION, KEPT_TRACES, KEPT_ACCOUNT),
        "账号已经注销。以后再来，会是一个新的账号。",
    ),
}
