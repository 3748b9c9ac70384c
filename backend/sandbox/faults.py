"""Faults on demand: slowness, refusals and cut connections for chosen calls, a chosen number of times."""

from __future__ import annotations

from typing import Any

from backend.sandbox.state import State

#: Kind → what a page says about it.
KINDS: dict[str, str] = {
    "slow": "慢：晚若干毫秒才回答",
    "http500": "服务器错误：HTTP 500",
    "busy": "系统繁忙：-1",
    "expired_token": "令牌过期：42001",
    "bad_token": "令牌无效：40001",
    "quota": "每日额度用完：45009",
    "minute_quota": "每分钟额度用完：45011",
    "errcode": "任意错误码",
    "lost_answer": "已经办了，但回答丢了",
    "cut": "没有办，连接断了",
    "sent_failure": "先收下，随后推送发送失败",
    "risky": "内容检查判为违规",
    "review": "内容检查判为存疑",
}
CODES = {"busy": -1, "bad_token": 40001, "quota": 45009, "minute_quota": 45011}
APIS = (
    "*",
    "code_to_session",
    "stable_token",
    "subscribe_send",
    "template_send",
    "msg_sec_check",
    "media_check_async",
    "phone_number",
    "web_token",
    "web_userinfo",
    "gettemplate",
    "get_all_private_template",
    "getwxacodeunlimit",
    "user_batchget",
    "user_get",
    "getcategory",
)
MAX_MS = 60_000


class BadFault(ValueError):
    """The wanted fault makes no sense; the text says why, in Chinese."""


def add(state: State, wanted: dict[str, Any]) -> int:
    """Note a fault: {api, kind, times, ms, errcode}. times 0 stays until removed. Returns its id.

    Raises BadFault.
    """
    api, kind = str(wanted.get("api") or "*"), str(wanted.get("kind") or "")
    if api not in APIS:
        raise BadFault(f"没有这个接口：{api}")
    if kind not in KINDS:
        raise BadFault(f"没有这种故障：{kind}")
    try:
        times, ms = int(wanted.get("times", 1)), int(wanted.get("ms") or 0)
        errcode = int(wanted.get("errcode") or CODES.get(kind, 0))
    except (TypeError, ValueError):
        raise BadFault("次数、毫秒和错误码都要是整数") from None
    if times < 0 or not 0 <= ms <= MAX_MS:
        raise BadFault(f"次数不能为负，毫秒在 0 到 {MAX_MS} 之间")
    if kind == "errcode" and errcode == 0:
        raise BadFault("请写出要返回的错误码")
    return state.add("faults", api=api, kind=kind, times=times, ms=ms, errcode=errcode)


def take(state: State, api: str) -> dict[str, dict[str, Any]]:
    """The faults that hit this call, by kind; each with a limit is one nearer to its end."""
    with state.changing():
        found = state.all(
            "SELECT * FROM faults WHERE api IN (?, '*') AND (times = 0 OR hits < times)", (api,)
        )
        for fault in found:
            state.run("UPDATE faults SET hits = hits + 1 WHERE id = ?", (fault["id"],))
    return {fault["kind"]: fault for fault in found}


def active(state: State) -> list[dict[str, Any]]:
    """Every fault that will still hit."""
    return state.all("SELECT * FROM faults WHERE times = 0 OR hits < times ORDER BY id")


def clear(state: State, fault_id: int | None = None) -> None:
    """Remove one, or all."""
    if fault_id is None:
        state.run("DELETE FROM faults")
    else:
        state.run("DELETE FROM faults WHERE id = ?", (fault_id,))
