"""Our message templates: config/wechat_templates.toml, checked line by line, and against the platform at start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from backend.integrations.wechat.fields import check_pair, check_template, format_field
from backend.integrations.wechat.protocol import (
    FieldError,
    Kind,
    MessageTemplate,
    TemplateInfo,
    WeChatPlatform,
)

FILE_NAME = "wechat_templates.toml"


class TemplatesError(Exception):
    """The template file cannot be used; ``problems`` has one sentence each, by file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TemplateBook:
    """The templates of one town; see MessageTemplates."""

    def __init__(self, templates: list[MessageTemplate]) -> None:
        self._by_name = {(t.name, t.channel): t for t in templates}

    def get(self, name: str, channel: Kind) -> MessageTemplate | None:
        return self._by_name.get((name, channel))

    def of(self, channel: Kind) -> list[MessageTemplate]:
        return [t for t in self._by_name.values() if t.channel == channel]

    def data(self, template: MessageTemplate, values: Mapping[str, object]) -> dict[str, str]:
        filled: dict[str, str] = {}
        for keyword, logical in template.fields.items():
            try:
                filled[keyword] = format_field(keyword, values.get(logical))
            except FieldError as error:
                raise FieldError(f"{template.name}/{template.channel} {logical}: {error}") from None
        return filled


def load_templates(directory: Path) -> TemplateBook:
    """Read wechat_templates.toml of a town's configuration.

    Raises TemplatesError naming every problem by file and line.
    """
    path = directory / FILE_NAME
    try:
        text = path.read_text("utf-8")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        raise TemplatesError([f"{path}: 文件不存在。"]) from None
    except UnicodeDecodeError as error:
        raise TemplatesError([f"{path}: 不是 UTF-8 文本（第 {error.start} 字节）。"]) from None
    except tomllib.TOMLDecodeError as error:
        raise TemplatesError([f"{path}: {error}"]) from None
    problems: list[str] = []
    templates = [
        made
        for name, channels in tables.items()
        for channel, table in (channels.items() if isinstance(channels, dict) else [("", channels)])
        if (made := _template(name, channel, table, f"{path}:{_line_of(text, name, channel)}", problems))
    ]
    if problems:
        raise TemplatesError(problems)
    return TemplateBook(templates)


def _template(name: str, channel: str, table: Any, where: str, problems: list[str]) -> MessageTemplate | None:
    if channel not in get_args(Kind) or not isinstance(table, dict):
        problems.append(f"{where}: [{name}.{channel}] 渠道只能是 mini 或 official。")
        return None
    fields = table.get("fields")
    template_id = table.get("template_id")
    if not isinstance(template_id, str) or not template_id.strip():
        problems.append(f"{where}: [{name}.{channel}] 缺少 template_id。")
        return None
    if not isinstance(fields, dict) or not fields:
        problems.append(f"{where}: [{name}.{channel}] 缺少 fields（模板字段 = 内容）。")
        return None
    found = [
        sentence for keyword, logical in fields.items() for sentence in check_pair(keyword, str(logical))
    ]
    problems += [f"{where}: [{name}.{channel}] {sentence}" for sentence in found]
    title = str(table.get("title", ""))
    long_term = table.get("long_term", False)
    if not isinstance(long_term, bool):
        problems.append(f"{where}: [{name}.{channel}] long_term 只能是 true 或 false。")
        return None
    if found:
        return None
    return MessageTemplate(name, channel, template_id, title, dict(fields), long_term)  # type: ignore[arg-type]


def _line_of(text: str, name: str, channel: str) -> int:
    match = re.search(rf"^\[{re.escape(name)}(\.{re.escape(channel)})?\]", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def check_against_platform(book: TemplateBook, platform: WeChatPlatform, *, official: bool) -> list[str]:
    """Sentences about every template of ours that the platform does not have, or has with other fields.

    Calls the platform; raises WeChatError when it does not answer.
    """
    problems = _differences(book.of("mini"), platform.list_subscribe_templates())
    if official:
        problems += _differences(book.of("official"), platform.list_official_templates())
    return problems


def _differences(ours: list[MessageTemplate], theirs: list[TemplateInfo]) -> list[str]:
    known = {info.template_id: info for info in theirs}
    problems: list[str] = []
    for template in ours:
        label = f"[{template.name}.{template.channel}]"
        info = known.get(template.template_id)
        if info is None:
            problems.append(f"{label} 平台上没有模板 {template.template_id}，消息发不出去（40037）。")
            continue
        problems += [f"{label} {sentence}" for sentence in check_template(template.fields, info.content)]
        problems += [f"{label} {sentence}" for sentence in filter(None, [kind_problem(template, info)])]
    return problems


def kind_problem(template: MessageTemplate, info: TemplateInfo) -> str | None:
    """A sentence when one of us takes a mini-program's template for one-time and the other for long-term."""
    if template.channel != "mini" or template.long_term == (info.kind == "long_term"):
        return None
    ours, theirs = ("长期", "一次性") if template.long_term else ("一次性", "长期")
    return f"我们按{ours}订阅使用，平台上却是{theirs}订阅，请改 long_term。"
