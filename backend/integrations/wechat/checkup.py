"""`flask wechat check`: line by line, what of a real account is set up and what is missing.

Everything is asked of the platform and changes nothing there: no message is sent, no grant and no code is used.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import requests

from backend.integrations.checkup import Line, look, missing, ok
from backend.integrations.wechat.fields import check_template
from backend.integrations.wechat.protocol import (
    Kind,
    MessageTemplate,
    Reaction,
    TemplateInfo,
    WeChatError,
    WeChatPlatform,
)
from backend.integrations.wechat.templates import TemplateBook, kind_problem
from backend.kernel.clock import now
from backend.kernel.db import assert_no_transaction
from config.settings import Settings

ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
SECONDS = 10
#: What a refused token means, by the platform's number.
TOKEN_WORDS: dict[int, str] = {
    40001: "the secret is wrong",
    40125: "the secret is wrong",
    40013: "there is no such appid",
    41002: "the appid is empty",
    41004: "the secret is empty",
    40164: "this machine's address{address} is not on the IP white list (开发管理 → 开发设置 → IP白名单)",
    40243: "the secret is frozen: unfreeze it in the account's console",
    50004: "this interface is forbidden to the account",
    50007: "the account is frozen",
    61024: "this appid belongs to a third-party platform; use the town's own",
    89503: "the administrator has to confirm this address on their phone",
    89506: "the administrator has refused this address; ask again in a day",
    89507: "the administrator has refused this address; ask again in an hour",
}
NAMES: dict[Kind, str] = {"mini": "mini-program", "official": "official account"}
BY_HAND = (
    (
        "privacy guide",
        "《用户隐私保护指引》 names photos, chosen place, location, phone, nickname (no interface tells)",
    ),
    (
        "interfaces",
        "getLocation and chooseLocation are opened under 开发管理 → 接口设置 (no interface tells)",
    ),
)


def check_wechat(
    settings: Settings,
    platform: WeChatPlatform,
    book: TemplateBook,
    *,
    page: str,
    linked: Callable[[], tuple[int, int]],
) -> Iterator[Line]:
    """Every line, in the order in which one sets an account up.

    ``page`` is a page that messages open; ``linked`` counts (people of the mini-program, those with a unionid).
    """
    assert_no_transaction("wechat.check")
    if settings.sandbox:
        yield look("platform", f"this is the stand-in at {settings.wechat_api_base}, not WeChat")
    mini = _token(platform, "mini", settings.wechat_mini_appid)
    yield mini
    official_set = bool(settings.wechat_official_appid)
    official = (
        _token(platform, "official", settings.wechat_official_appid) if official_set else _no_official()
    )
    yield official
    yield from _callback(settings)
    if mini.mark == "ok":
        yield _categories(platform)
        yield from _templates(book, "mini", platform.list_subscribe_templates)
        yield _content_check(platform)
        yield _page(platform, page)
    if official_set and official.mark == "ok":
        yield from _templates(book, "official", platform.list_official_templates)
        yield _followers(platform)
    yield _unionids(linked())
    yield from _by_hand(settings)


# --- tokens ------------------------------------------------------------------------------------------------------


def _token(platform: WeChatPlatform, app: Kind, appid: str) -> Line:
    what = f"{NAMES[app]} token"
    try:
        platform.token_works(app)
    except WeChatError as error:
        return missing(what, _token_trouble(error))
    return ok(what, f"given to {appid}")


def _token_trouble(error: WeChatError) -> str:
    if error.errcode is None:
        return f"no answer ({error.text}): can this machine reach the platform?"
    found = ADDRESS.search(error.text)
    words = TOKEN_WORDS.get(error.errcode, error.text)
    return f"{error.errcode} {words.format(address=f' {found[0]}' if found else '')}"


def _no_official() -> Line:
    return look(
        "official account",
        "WECHAT_OFFICIAL_APPID is not set: messages go by the mini-program alone, H5 pages have no login",
    )


# --- the callback ------------------------------------------------------------------------------------------------


def _callback(settings: Settings) -> Iterator[Line]:
    if not settings.wechat_callback_token:
        yield missing(
            "callback token", "WECHAT_CALLBACK_TOKEN is not set: no grant is counted, no verdict arrives"
        )
        return
    if settings.wechat_callback_aes_key:
        yield ok("callback key", "set: only encrypted pushes are taken (choose 安全模式 in the console)")
    else:
        yield missing(
            "callback key", "WECHAT_CALLBACK_AES_KEY is not set: plain pushes prove nothing of their body"
        )
    yield _callback_answers(settings)


def _callback_answers(settings: Settings) -> Line:
    """Ask our own address as the platform asks it when the address is entered."""
    address = f"{settings.public_base_url}/api/v1/wechat/callback"
    stamp, nonce, echo = str(int(now().timestamp())), secrets.token_hex(4), secrets.token_hex(8)
    parts = sorted([settings.wechat_callback_token, stamp, nonce])
    signature = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}
    try:
        answer = requests.get(address, params=query, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        return missing("callback address", f"{address} does not answer ({type(error).__name__})")
    if answer.status_code != 200 or answer.text != echo:
        told = f"{address} answers {answer.status_code} instead of the echo: token, clock or proxy differ"
        return missing("callback address", told)
    return ok("callback address", f"{address} answers (enter it under 消息推送)")


# --- what the accounts hold --------------------------------------------------------------------------------------


def _categories(platform: WeChatPlatform) -> Line:
    try:
        found = platform.categories()
    except WeChatError as error:
        return missing("service categories", _trouble(error))
    if not found:
        return missing("service categories", "none: add one under 设置 → 服务类目, templates come from it")
    return ok("service categories", "、".join(found))


def _templates(book: TemplateBook, app: Kind, ask: Callable[[], list[TemplateInfo]]) -> Iterator[Line]:
    what = f"{NAMES[app]} templates"
    try:
        held = {info.template_id: info for info in ask()}
    except WeChatError as error:
        yield missing(what, _trouble(error))
        return
    ours = book.of(app)
    if not ours:
        yield missing(what, f"wechat_templates.toml names none for {app}")
    for template in ours:
        yield from _template(template, held.get(template.template_id))


def _template(template: MessageTemplate, info: TemplateInfo | None) -> Iterator[Line]:
    what = f"template {template.name}.{template.channel}"
    if info is None:
        yield missing(what, f"the account has no template {template.template_id} (40037)")
        return
    problems = check_template(template.fields, info.content)
    problems += filter(None, [kind_problem(template, info)])
    for problem in problems:
        yield missing(what, problem)
    if not problems:
        yield ok(what, f"{info.title}, {len(template.fields)} fields fit")


def _content_check(platform: WeChatPlatform) -> Line:
    """Asked about nobody: an account that may check refuses the openid, one that may not refuses the call."""
    try:
        platform.check_text("o-nobody-at-all", "check")
    except WeChatError as error:
        if error.reaction in {Reaction.BAD_OPENID, Reaction.NOT_SEEN}:
            return ok("content check", "allowed")
        return missing("content check", _trouble(error))
    return ok("content check", "allowed")


def _page(platform: WeChatPlatform, page: str) -> Line:
    try:
        platform.qr_code("check", page)
    except WeChatError as error:
        if error.reaction is Reaction.BAD_PAGE:
            told = f"{page} is not in the released version (41030): messages cannot open it"
            return missing("released version", told)
        return missing("released version", _trouble(error))
    return ok("released version", f"has {page}")


def _followers(platform: WeChatPlatform) -> Line:
    what = "unionid of followers"
    try:
        page = platform.follower_page()
        known = platform.follower_unionids(list(page.openids[:100]))
    except WeChatError as error:
        return missing(what, _trouble(error))
    if not known:
        return look(what, "nobody follows yet; follow with one phone and check again")
    if not any(known.values()):
        return missing(
            what, "none: bind the official account to the Open Platform account (开放平台 → 绑定公众号)"
        )
    return ok(what, f"{page.total} followers, their unionids are told")


def _unionids(counted: tuple[int, int]) -> Line:
    people, with_unionid = counted
    what = "unionid of the mini-program"
    if people == 0:
        return look(what, "nobody has logged in yet; open the mini-program once and check again")
    if with_unionid == 0:
        return missing(
            what, "none: bind the mini-program to the Open Platform account (开放平台 → 绑定小程序)"
        )
    return ok(what, f"{with_unionid} of {people} people have one")


def _trouble(error: WeChatError) -> str:
    code = "no answer" if error.errcode is None else str(error.errcode)
    return f"{code} {error.text}"


def _by_hand(settings: Settings) -> Iterator[Line]:
    host = urlsplit(settings.public_base_url)
    if host.scheme == "https":
        yield ok("public address", settings.public_base_url)
    elif not settings.sandbox:
        yield missing(
            "public address", f"{settings.public_base_url} is not https: the mini-program refuses it"
        )
    files = host.netloc
    if settings.store == "oss":
        files += f", {settings.oss_bucket}.{settings.oss_endpoint.rpartition('//')[2]}"
    yield look("request domain", f"{host.netloc} (开发管理 → 开发设置 → 服务器域名; no interface tells)")
    yield look("uploadFile and downloadFile domains", files)
    for what, told in BY_HAND:
        yield look(what, told)
