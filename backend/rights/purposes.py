"""Why we keep what we keep: one line for each purpose, with its legal basis (PI-01, PI-02). Data only."""

from __future__ import annotations

from dataclasses import dataclass

CONSENT = "consent"
DUTY = "duty"
BASES = {CONSENT: "您的同意", DUTY: "履行法定职责"}
"""PIPL 13: by consent, or because a statutory duty cannot be done without."""


@dataclass(frozen=True)
class Purpose:
    """One purpose. `deed` is what a person may do to stop it (deeds.py), empty when the law asks for it."""

    code: str
    title: str
    what: str
    why: str
    basis: str
    source: str
    kept: str
    deed: str = ""


PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "account",
        "登录，认出是您",
        "微信给的编号（openid、unionid）、登录时间",
        "让您看到自己报的事；不登录也能浏览和凭查询码查进度",
        DUTY,
        "个人信息保护法第 13、34 条",
        "到您注销账号为止；登录状态 90 天不用就失效",
        "close_account",
    ),
    Purpose(
        "matter",
        "办理您反映的事",
        "您写的内容、照片、是哪个村（网格）、办理经过和答复",
        "受理、分流、办理、答复，事后能查清是怎么办的",
        DUTY,
        "个人信息保护法第 13、34 条；档案法第 13、14 条",
        "办结后按档案要求保存；您可以要求删除其中您个人的部分",
        "delete_all",
    ),
    Purpose(
        "petition",
        "办理您的信访事项",
        "您写的姓名、住址、电话、请求、事实、理由和材料；身份证号您愿意填才有；匿名的什么也不留",
        "登记、书面告知、办理、书面答复；每次打开都留痕，您看得到",
        DUTY,
        "个人信息保护法第 13、34 条；信访工作条例第 19、22、23、32 条",
        "有结果后按信访档案保存；您可以要求断开和账号的联系、删除电话和身份证号",
        "delete_all",
    ),
    Purpose(
        "speech",
        "公开您说的话",
        "您在有事好商量、问题回音壁里写的意见、提问、追问和观点，附议、举报和对观点的表态",
        "大家一起商量；公开时只写“某村村民”或“网友”，先检查再公开；表态只公布总数",
        CONSENT,
        "个人信息保护法第 13、25 条；网络安全法第 49 条",
        "到您撤回或删除为止；议题结束后表态记录删除，只留总数",
        "delete_all",
    ),
    Purpose(
        "contact",
        "联系您",
        "您留的姓名、电话",
        "约上门时间、问清情况；不留也照样办",
        CONSENT,
        "个人信息保护法第 13 条",
        "办结满 1 年自动删除",
        "withdraw_contact",
    ),
    Purpose(
        "location",
        "找到那个地方",
        "您为这一件事选的一个位置点、补充的地址",
        "只用来找到要处理的地方；不连续定位，可以只选村名",
        CONSENT,
        "个人信息保护法第 28、29 条（单独同意）",
        "办结满 90 天，准确位置换成所在网格的中心",
        "withdraw_location",
    ),
    Purpose(
        "messages",
        "用微信告诉您进展",
        "微信消息的授权次数、发送记录",
        "每一步有进展时提醒您；不开也能在“消息”里看到",
        CONSENT,
        "个人信息保护法第 13 条",
        "发送记录 180 天；“消息”里的内容 2 年",
        "withdraw_messages",
    ),
    Purpose(
        "neighbours",
        "和邻居互相帮忙",
        "您发布的内容、和邻居互相发的消息",
        "通过检查的内容公开，不显示您是谁；消息只有你们两个人能看",
        CONSENT,
        "个人信息保护法第 13 条",
        "消息在办妥或到期 30 天后删除",
    ),
    Purpose(
        "care",
        "请人上门、同意走访",
        "为这一次请求写的地点、电话、情况，上门时的记录",
        "只有安排的人和上门的人能看；不按人分类，不做名单；同意随时可以撤回",
        CONSENT,
        "个人信息保护法第 28、29 条（单独同意）",
        "结束后最多 90 天",
    ),
    Purpose(
        "nickname",
        "称呼您",
        "微信昵称（只在从公众号登录时得到）",
        "“我的”页面上显示",
        CONSENT,
        "个人信息保护法第 13 条",
        "到您删除或注销为止",
        "withdraw_nickname",
    ),
    Purpose(
        "security",
        "安全和留痕",
        "谁在什么时候看过、改过什么，登录和操作的记录",
        "防止滥用；您可以查看谁打开过您报的事",
        DUTY,
        "网络安全法第 23 条；个人信息保护法第 51、54 条",
        "不少于 6 个月；只保存，不作他用",
    ),
)
