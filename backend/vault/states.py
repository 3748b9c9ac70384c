"""What becomes of a sealed letter: few states, because each one is told to whoever asks with the code.

The table is no kind of the common engine: that writes a timeline in clear, messages and figures, and
nothing of this may be in any of them (XF 30, §1.2 检举控告类).
"""

from __future__ import annotations

from dataclasses import dataclass

RECEIVED, READ, TRANSFERRED, ANSWERED = "received", "read", "transferred", "answered"
STATE_LABELS = {RECEIVED: "已收到", READ: "已查看", TRANSFERRED: "已移送", ANSWERED: "已答复"}
NEXT_STEPS = {
    RECEIVED: "信件已加密保存，等专办人员打开。",
    READ: "专办人员已打开，正在按管理权限处理。",
    TRANSFERRED: "已按管理权限移送给有权处理的机关、单位。",
    ANSWERED: "专办人员已答复，请看下面的答复。",
}


@dataclass(frozen=True)
class Step:
    """What a reader may do with a letter; `to` None leaves the state as it is."""

    action: str
    label: str
    sources: frozenset[str]
    to: str | None


_OPENED = frozenset({READ, TRANSFERRED, ANSWERED})
STEPS = {
    step.action: step
    for step in (
        Step("read", "打开查看", frozenset({RECEIVED}), READ),
        Step("transfer", "按管理权限移送", _OPENED, TRANSFERRED),
        Step("answer", "答复来信人", _OPENED, ANSWERED),
        # To a further key: a colleague's, or one's own new one.
        Step("share", "重新加密给读信人", frozenset({RECEIVED, *_OPENED}), None),
    )
}
#: what the sender is told of; who reads it beside is no matter of theirs
TOLD = frozenset({"read", "transfer", "answer"})
