"""A village's own page: what it published, talked over and settled lately, its money, what it still owes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from backend.integrations.wechat.protocol import WeChatPlatform
from backend.kernel.db import outside_transaction
from backend.kernel.errors import NotFound
from backend.kernel.settings import settings
from backend.media.ports import ObjectMissing, store
from backend.places import queries as places
from backend.places.queries import PlaceCard
from backend.search import everything
from backend.search.kinds import KINDS

NEWEST = 3
PAGE = "pages-village/home/index"
MISSING = NotFound("village_unknown", "没有找到这个村，链接可能写错了。")

#: village id → the sheet of its newest published month, or None
Money = Callable[[int], dict[str, Any] | None]
#: village id → how many publications are due and not there (OPEN-10)
Owed = Callable[[int], int]

_money: list[Money] = []
_owed: list[Owed] = []


def money_by(of_village: Money) -> None:
    """Say how a village's newest public month is found; called by the composition root."""
    _money[:] = [of_village]


def owed_by(of_village: Owed) -> None:
    """Say how it is counted what a village owes; called by the composition root."""
    _owed[:] = [of_village]


def village(village_id: int) -> PlaceCard:
    """An active village. Raises NotFound."""
    try:
        card = places.get_place(village_id)
    except NotFound:
        raise MISSING from None
    if card.level != "village" or not card.active:
        raise MISSING
    return card


def home(card: PlaceCard) -> dict[str, Any]:
    """What its page shows."""
    town_id = card.places["town"]
    counted = everything.counts(town_id, card.id)
    newest = [
        {"kind": kind.code, "kind_label": kind.label,
         "items": everything.newest(town_id, card.id, kind.code, NEWEST)}
        for kind in KINDS.values() if counted.get(kind.code)
    ]  # fmt: skip
    return {
        "id": str(card.id),
        "name": card.name,
        "town_name": places.get_place(town_id).name,
        "newest": newest,
        "counts": [
            {"kind": kind.code, "label": kind.label, "count": counted[kind.code]}
            for kind in KINDS.values()
            if counted.get(kind.code)
        ],
        "finance": _money[0](card.id) if _money else None,
        "owed": _owed[0](card.id) if _owed else 0,
        "share_url": f"{settings().public_base_url}/v/{card.id}",
    }


def code_picture(card: PlaceCard) -> bytes:
    """The mini-program code that opens its page; asked of the platform once, then kept in the store.

    Raises WeChatError when the platform does not give it.
    """
    # Another address or another state of the mini-program is another code.
    about = f"{urlsplit(settings().public_base_url).netloc} {settings().wechat_mini_appid} {card.id}"
    key = f"codes/{card.id}-{hashlib.sha256(about.encode()).hexdigest()[:12]}.png"
    with outside_transaction():
        try:
            return store().read(key)
        except ObjectMissing:
            pass  # the first one who asks
        platform: WeChatPlatform = current_app.extensions["wechat"]
        picture = platform.qr_code(f"id={card.id}", PAGE)
        store().save(key, picture, "image/png")
        return picture
