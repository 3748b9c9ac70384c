"""The texts of written documents: a town's own, or the ones that come with the program; their {{ places }}.

A text is plain: each line a paragraph, a line that begins with # a heading, {{ 名称 }} what is filled in.
Nothing in it is run; what people typed is put in as it is and never read as a text of ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

import config
from backend.audit.services import record_change
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.settings import settings
from backend.petitions.models import PetitionTemplate
from backend.petitions.words import DOCUMENTS

CHANGE, SUBJECT = "petition_template.change", "petition_template"
HEADING_MOST, BODY_MOST = 80, 8000
LABELS = {"heading": "标题", "body": "正文"}
#: what every document may say
COMMON = {
    "信访人": "信访人姓名，联名的写“等几人”",
    "查询码": "这件事的查询码",
    "收到日期": "收到信访事项的日期",
    "投诉请求": "信访人的请求",
    "镇名": "本镇名称",
    "作出日期": "这份文书作出的日期",
    "文号": "这份文书的编号",
    "责任单位": "负责办理的单位",
    "受理日期": "受理的日期",
}
#: what only one kind can say, and must: without it the document would not hold what the law demands
DEMANDED: dict[str, dict[str, str]] = {
    "acceptance": {"责任单位": COMMON["责任单位"], "办理期限": "60 日办理期限的最后一天"},
    "simple": {"责任单位": COMMON["责任单位"], "办理期限": "10 个工作日的最后一天"},
    "study": {"责任单位": COMMON["责任单位"], "意见建议": "建议的内容", "答复日期": "最迟哪一天答复"},
    "guidance": {"途径": "第三十一条的哪一种途径", "应找机关": "向哪里提出", "告知内容": "告知的内容"},
    "refusal": {"理由": "不予受理的理由", "应找机关": "有权处理的机关"},
    "no_longer": {"理由": "不再受理的理由"},
    "transfer": {"转往机关": "转送到哪里", "理由": "转送的理由"},
    "extension": {"办理期限": "延长以后的最后一天", "理由": "延期的理由"},
    # PET-10: the four parts without which there is no opinion
    "opinion": {
        "投诉请求": "信访人的请求",
        "事实和理由": "查明的事实和理由",
        "处理意见": "处理意见",
        "依据": "法律、法规或政策依据",
    },
    # article 29: a suggestion is studied, and its author answered
    "reply": {
        "意见建议": "建议的内容",
        "研究情况": "研究论证的情况",
        "处理意见": "采纳、部分采纳或暂不采纳，怎样做",
        "依据": "法律、法规或政策依据",
    },
    # PET-07: one matter, answered once to everybody who brought it
    "joined": {
        "投诉请求": "信访人自己的请求",
        "事实和理由": "查明的事实和理由",
        "处理意见": "处理意见",
        "依据": "法律、法规或政策依据",
    },
    # PET-11, PET-12: the body above made it; the town's paper says so, and under which number it is found
    "review": {"复查机关": "作出复查意见的机关", "文号": "原件的文号", "复查意见": "复查意见的内容"},
    "reexamination": {"复核机关": "作出复核意见的机关", "文号": "原件的文号", "复核意见": "复核意见的内容"},
}
OPTIONAL: dict[str, dict[str, str]] = {
    "acceptance": {"说明": "受理时写的说明，没有就空着"},
    "simple": {"说明": "受理时写的说明，没有就空着"},
    "study": {"说明": "受理时写的说明，没有就空着"},
    "reply": {"结论": "采纳、部分采纳或暂不采纳"},
    "joined": {"结论": "处理意见的结论", "复查机关": "不服时向哪里申请复查，意见建议类没有"},
    "review": {"送达日期": "信访人收到原件的日期"},
    "reexamination": {"送达日期": "信访人收到原件的日期"},
    "opinion": {"结论": "支持、解释说明或不支持", "复查机关": "不服时向哪里申请复查"},
}
#: what somebody wrote: at the end of a line it ends as a sentence does
SENTENCES = frozenset(
    {
        "投诉请求",
        "意见建议",
        "说明",
        "告知内容",
        "理由",
        "事实和理由",
        "研究情况",
        "处理意见",
        "依据",
        "复查意见",
        "复核意见",
    }
)
_ENDS = tuple("。！？；…!?;”")
_PLACE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")


@dataclass(frozen=True)
class Kind:
    """A kind of written document, with the text that comes with the program."""

    kind: str
    label: str
    word: str
    heading: str
    body: str


@dataclass(frozen=True)
class Text:
    """The text in force; `version` 0 while the town has none of its own."""

    kind: Kind
    heading: str
    body: str
    version: int
    row: PetitionTemplate | None


def kinds() -> dict[str, Kind]:
    """Every kind of document by its code; a county may put petitions/documents.toml beside its towns."""
    own = settings().town_config / "petitions" / "documents.toml"
    return _read(own if own.exists() else Path(config.__file__).parent / "petitions" / "documents.toml")


@cache
def _read(path: Path) -> dict[str, Kind]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["documents"]
    found = {
        row["kind"]: Kind(**{**row, "label": DOCUMENTS[row["kind"]], "body": row["body"].strip()})
        for row in rows
    }
    for kind in found.values():
        faults = faults_of(kind.kind, kind.heading, kind.body)
        if faults:
            raise ValueError(f"{path}: {kind.kind}: {faults}")
    if found.keys() != DEMANDED.keys():
        raise ValueError(f"{path}: the kinds are {sorted(found)}, not {sorted(DEMANDED)}")
    return found


def kind_of(code: str) -> Kind:
    """A kind by its code; NotFound when there is none."""
    found = kinds().get(code)
    if found is None:
        raise NotFound("document_kind_unknown", "没有这一种文书。")
    return found


def text_of(town_id: int, code: str) -> Text:
    """The text that a town's documents of a kind are filled from."""
    kind = kind_of(code)
    query = select(PetitionTemplate).where(PetitionTemplate.town_id == town_id, PetitionTemplate.kind == code)
    row = db.session.scalars(query).one_or_none()
    if row is None:
        return Text(kind, kind.heading, kind.body, 0, None)
    return Text(kind, row.heading, row.body, row.version, row)


def all_of(actor: Actor) -> list[Text]:
    """The texts in force in the actor's town, kind by kind."""
    if actor.town_id is None:
        raise Forbidden
    return [text_of(actor.town_id, code) for code in kinds()]


def fill(text: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """A text as its paragraphs; a line whose places all came to nothing is left out.

    What is put in may have lines of its own; it never becomes a heading, and never has places.
    """
    parts: list[dict[str, Any]] = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        heading = line.startswith("#")
        line = line.lstrip("#").strip()
        names = _PLACE.findall(line)
        if names and not any(values.get(name) for name in names):
            continue
        filled = _PLACE.sub(lambda found: values.get(found.group(1), ""), line).rstrip()
        if line.endswith("}}") and names[-1] in SENTENCES and not filled.endswith(_ENDS):
            filled += "。"
        parts += [{"text": one, "heading": heading} for one in filled.splitlines() if one.strip()]
    return parts


def faults_of(kind: str, heading: str, body: str) -> dict[str, list[str]]:
    """What is wrong with a text, field by field, in sentences."""
    known = COMMON.keys() | DEMANDED[kind].keys() | OPTIONAL.get(kind, {}).keys()
    faults: dict[str, list[str]] = {}
    for field, text in (("heading", heading), ("body", body)):
        said = [
            f"不认识 {{{{ {name} }}}}，这种文书里没有这一项，请从列出的名称里选。"
            for name in dict.fromkeys(_PLACE.findall(text))
            if name not in known
        ]
        if re.search(r"[{}]", _PLACE.sub("", text)):
            said.append("有一处花括号没有成对，应当写成 {{ 名称 }}。")
        if said:
            faults[field] = said
    missing = [name for name in DEMANDED[kind] if name not in _PLACE.findall(body)]
    if missing:
        named = "、".join(f"{{{{ {name} }}}}" for name in missing)
        why = "（《信访工作条例》第三十二条）" if kind == "opinion" else ""
        faults.setdefault("body", []).append(f"正文里还缺 {named}，少了就不是完整的文书{why}。")
    return faults


def refused(faults: dict[str, list[str]]) -> Invalid:
    """What the person reads of a text's faults."""
    said = "；".join(sentence for sentences in faults.values() for sentence in sentences)
    return Invalid("template_faults", f"模板里有写错的地方：{said}", fields=faults)


def save(actor: Actor, code: str, version: int, heading: str, body: str) -> Text:
    """Make a text the town's own. Raises Invalid with the places that do not fit, Conflict when it changed."""
    town_id = actor.town_id
    if town_id is None:
        raise Forbidden
    text = text_of(town_id, code)
    if text.version != version:
        raise Conflict("changed_meanwhile", "这份模板刚刚被别人改过，请看一眼再保存，您写的内容还在。")
    heading, body = heading.strip(), body.strip()
    faults = faults_of(code, heading, body)
    if faults:
        raise refused(faults)
    _write(actor, town_id, text, {"heading": heading, "body": body})
    return text_of(town_id, code)


def _write(actor: Actor, town_id: int, text: Text, after: dict[str, str]) -> None:
    row = text.row
    if row is None:
        row = PetitionTemplate(id=new_id(), town_id=town_id, kind=text.kind.kind)
        db.session.add(row)
    before = {"heading": text.heading, "body": text.body}
    row.heading, row.body = after["heading"], after["body"]
    row.version, row.edited_at = text.version + 1, now()
    name = text.kind.label
    record_change(actor, CHANGE, SUBJECT, row.id, before, after, name=name, labels=LABELS)
    db.session.flush()


def shown(text: Text) -> dict[str, Any]:
    """A text as the page of templates shows it, with the names that may stand in it."""
    kind = text.kind.kind
    demanded = DEMANDED[kind]
    meanings = COMMON | OPTIONAL.get(kind, {}) | demanded
    return {
        "kind": kind,
        "kind_label": text.kind.label,
        "heading": text.heading,
        "body": text.body,
        "version": text.version,
        "edited_at": text.row.edited_at if text.row is not None else None,
        "default_heading": text.kind.heading,
        "default_body": text.kind.body,
        "places": [
            {"name": name, "meaning": meaning, "required": name in demanded}
            for name, meaning in meanings.items()
        ],
    }
