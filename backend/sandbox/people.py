"""Who has a phone in the stand-in: invented people, each marked 演示. Ids, openids and unionids never change."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from backend.sandbox.config import MINI_APPID, OFFICIAL_APPID


@dataclass(frozen=True)
class Person:
    """One invented person; ``followed``: follows the official account from the start."""

    id: str
    name: str
    role: str
    words: str
    colour: str
    phone: str
    followed: bool = True

    @property
    def unionid(self) -> str:
        return openid_of("union", self.id)

    @property
    def mini_openid(self) -> str:
        return openid_of(MINI_APPID, self.id)

    @property
    def official_openid(self) -> str:
        return openid_of(OFFICIAL_APPID, self.id)


def openid_of(appid: str, person: str) -> str:
    """28 characters like a real openid, always the same for the same person and app."""
    digest = hashlib.sha256(f"{appid}/{person}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode().replace("-", "x").replace("_", "y")[:27]


PEOPLE: tuple[Person, ...] = (
    Person("resident1", "王秀兰（演示）", "居民", "住示例三村，常走村东的路", "#0e7470", "15400000001"),
    Person("resident2", "李建国（演示）", "居民", "住示例五村，开小卖部", "#0a5a9c", "15400000002"),
    Person(
        "resident3",
        "陈小雨（演示）",
        "居民",
        "在外打工，关心家里的事",
        "#6a3fa0",
        "15400000003",
        followed=False,
    ),
    Person("worker1", "赵大勇（演示）", "网格员", "第 1 网格", "#bf4a27", "15400000011"),
    Person("worker2", "孙红梅（演示）", "网格员", "第 2 网格", "#8a5300", "15400000012"),
    Person("worker3", "周志强（演示）", "网格员", "第 3 网格", "#1e6b35", "15400000013"),
    Person(
        "newcomer",
        "新来的（演示）",
        "第一次用",
        "还没有打开过小程序",
        "#4a5568",
        "15400000021",
        followed=False,
    ),
)
