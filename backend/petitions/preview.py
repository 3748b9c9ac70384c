"""A town's text as the page it would be, filled with invented persons; nothing is stored (§1.3)."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.db import outside_transaction
from backend.kernel.errors import Forbidden, Invalid, Unavailable
from backend.petitions import guide, templates
from backend.petitions.files import Opened
from backend.petitions.uploads import PDF
from backend.petitions.words import long_day
from backend.places.queries import get_place

log = logging.getLogger(__name__)

CHILD_SECONDS = 30
_ROOT = Path(__file__).resolve().parents[2]
_one_at_a_time = threading.BoundedSemaphore(1)
_BODY = "示例市自然资源局"
#: invented; what is not here stands as its own meaning, in brackets
_SAMPLE = {
    "信访人": "示例人",
    "查询码": "EXAM-PLE0-0000",
    "投诉请求": "请求退还被占用的承包地",
    "意见建议": "建议在村口增设一处公交站牌",
    "责任单位": "示例自然资源所",
    "途径": "（二）仲裁",
    "应找机关": _BODY,
    "转往机关": _BODY,
    "复查机关": "示例市人民政府",
    "复核机关": "示例市人民政府",
    "告知内容": "可以在一年内申请仲裁",
    "理由": "这里是所写的理由",
    "说明": "这里是受理时写的说明",
    "事实和理由": "经现场丈量，修路占用承包地 0.5 亩，没有签订协议",
    "研究情况": "经现场查看，村口每天约有 80 人候车",
    "处理意见": "三十日内退还并恢复原状",
    "结论": "予以支持",
    "依据": "《中华人民共和国农村土地承包法》第五十六条",
    "复查意见": "维持原处理意见",
    "复核意见": "维持复查意见",
}


def preview(actor: Actor, code: str, heading: str, body: str) -> Opened:
    """The page. Raises NotFound, Invalid with the places that do not fit, Unavailable when it cannot be set now."""
    if actor.town_id is None:
        raise Forbidden
    kind = templates.kind_of(code)
    heading, body = heading.strip(), body.strip()
    faults = templates.faults_of(code, heading, body)
    if faults:
        raise templates.refused(faults)
    said = _sample(code, actor.town_id, today(), kind.word)
    data = {
        "heading": "".join(part["text"] for part in templates.fill(heading, said)),
        "number": said["文号"],
        "addressee": said["信访人"],
        "parts": templates.fill(body, said),
        "signer": f"{get_place(actor.town_id).name}人民政府（样张）",
        "date": said["作出日期"],
    }
    with outside_transaction():
        return Opened(f"{kind.label}（样张）.pdf", PDF, _set(data))


def _sample(code: str, town_id: int, day: date, word: str) -> dict[str, str]:
    meant = templates.COMMON | templates.OPTIONAL.get(code, {}) | templates.DEMANDED[code]
    days = dict.fromkeys((name for name in meant if name.endswith(("日期", "期限"))), long_day(day))
    number = f"{guide.number_word(town_id)}{word}〔{day.year}〕0号" if word else f"示例〔{day.year}〕0号"
    own = {"镇名": get_place(town_id).name, "文号": number}
    return {name: f"〔{meaning}〕" for name, meaning in meant.items()} | _SAMPLE | days | own


def _set(data: dict[str, Any]) -> bytes:
    """In a child process: one that answers requests does not carry what sets pages."""
    busy = Unavailable("preview_busy", "样张暂时做不出来，请过一会儿再试，您写的内容还在。")
    if not _one_at_a_time.acquire(timeout=CHILD_SECONDS):
        raise busy
    try:
        done = subprocess.run(
            [sys.executable, "-m", "backend.petitions.set_page"],
            input=json.dumps(data, ensure_ascii=False).encode(),
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
        )
    except subprocess.TimeoutExpired:
        raise busy from None
    finally:
        _one_at_a_time.release()
    if done.returncode != 0:
        log.warning("page not set", extra={"error": done.stderr[-400:].decode(errors="replace")})
        raise Invalid("preview_failed", "这份模板排不成页面，请检查正文。", fields={"body": ["排不成页面"]})
    return done.stdout
