"""WeChat over HTTP: the protocol's methods, each one call (or the few it takes) with the fields the platform wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from backend.integrations.wechat.client import TownClient
from backend.integrations.wechat.protocol import (
    FollowerPage,
    Kind,
    MiniSession,
    Reaction,
    TemplateInfo,
    Verdict,
    WebUser,
    WeChatError,
)
from config.settings import Settings

TEXT_PIECE = 2500  # msg_sec_check v2 takes 2500 characters
BATCH = 100  # user/info/batchget takes 100 openids
SEVERITY = {"pass": 0, "review": 1, "risky": 2}
QR_ENVIRONMENT = {
    "formal": "release",
    "trial": "trial",
    "developer": "develop",
}  # spelled otherwise than for sends
TEMPLATE_KIND: dict[int, Literal["one_time", "long_term"]] = {2: "one_time", 3: "long_term"}


class RealPlatform:
    """The mini-program and the official account of one town; see WeChatPlatform for what each method promises."""

    def __init__(self, mini: TownClient, official: TownClient | None, *, web_base: str, state: str) -> None:
        self._mini, self._official_client = mini, official
        self._web_base, self._state = web_base, state

    @property
    def _official(self) -> TownClient:
        if self._official_client is None:
            raise WeChatError("official", None, Reaction.CONFIGURATION, "WECHAT_OFFICIAL_APPID is not set")
        return self._official_client

    # --- who is it ---------------------------------------------------------------------------------------------

    def code_to_session(self, code: str) -> MiniSession:
        answer = self._mini.call_open(
            "code_to_session",
            "get",
            "/sns/jscode2session",
            params={
                "appid": self._mini.appid,
                "secret": self._mini.secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )
        return MiniSession(answer["openid"], answer.get("unionid") or None, answer["session_key"])

    def authorize_url(self, return_url: str, state: str) -> str:
        query = urlencode(
            {
                "appid": self._official.appid,
                "redirect_uri": return_url,
                "response_type": "code",
                "scope": "snsapi_userinfo",
                "state": state,
            }
        )
        return f"{self._web_base}/connect/oauth2/authorize?{query}#wechat_redirect"

    def web_user(self, code: str) -> WebUser:
        grant = self._official.call_open(
            "web_token",
            "get",
            "/sns/oauth2/access_token",
            params={
                "appid": self._official.appid,
                "secret": self._official.secret,
                "code": code,
                "grant_type": "authorization_code",
            },
        )
        person = self._official.call_open(
            "web_userinfo",
            "get",
            "/sns/userinfo",
            params={"access_token": grant["access_token"], "openid": grant["openid"], "lang": "zh_CN"},
        )
        unionid = person.get("unionid") or grant.get("unionid") or None
        return WebUser(person["openid"], unionid, str(person.get("nickname", ""))[:64])

    def phone_number(self, code: str) -> str:
        answer = self._mini.call(
            "phone_number", "post", "/wxa/business/getuserphonenumber", body={"code": code}
        )
        return str(answer["phone_info"]["purePhoneNumber"])

    def follower_unionids(self, openids: list[str]) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for start in range(0, len(openids), BATCH):
            wanted = [{"openid": openid, "lang": "zh_CN"} for openid in openids[start : start + BATCH]]
            answer = self._official.call(
                "user_batchget", "post", "/cgi-bin/user/info/batchget", body={"user_list": wanted}
            )
            found |= {
                u["openid"]: u.get("unionid") or None for u in answer["user_info_list"] if u.get("subscribe")
            }
        return found

    def follower_page(self, after: str = "") -> FollowerPage:
        params = {"next_openid": after} if after else {}
        answer = self._official.call("user_get", "get", "/cgi-bin/user/get", params=params)
        openids = tuple(str(openid) for openid in (answer.get("data") or {}).get("openid", ()))
        last = str(answer.get("next_openid") or "")
        return FollowerPage(openids, int(answer["total"]), last if openids else "")

    # --- messages ----------------------------------------------------------------------------------------------

    def send_subscribe(
        self, openid: str, template_id: str, page: str | None, data: Mapping[str, str]
    ) -> None:
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {keyword: {"value": value} for keyword, value in data.items()},
            "miniprogram_state": self._state,
            "lang": "zh_CN",
        }
        if page:
            body["page"] = page.lstrip("/")
        self._mini.call("subscribe_send", "post", "/cgi-bin/message/subscribe/send", body=body)

    def send_template(
        self,
        openid: str,
        template_id: str,
        url: str | None,
        mini_page: str | None,
        data: Mapping[str, str],
        client_msg_id: str,
    ) -> str:
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {keyword: {"value": value} for keyword, value in data.items()},
            "client_msg_id": client_msg_id,
        }
        if url:
            body["url"] = url
        if mini_page:
            body["miniprogram"] = {"appid": self._mini.appid, "pagepath": mini_page.lstrip("/")}
        answer = self._official.call("template_send", "post", "/cgi-bin/message/template/send", body=body)
        return str(answer.get("msgid", ""))

    def list_subscribe_templates(self) -> list[TemplateInfo]:
        answer = self._mini.call("list_subscribe_templates", "get", "/wxaapi/newtmpl/gettemplate")
        return [
            TemplateInfo(
                t["priTmplId"], t["title"], t["content"], TEMPLATE_KIND.get(int(t["type"]), "one_time")
            )
            for t in answer["data"]
        ]

    def list_official_templates(self) -> list[TemplateInfo]:
        answer = self._official.call(
            "list_official_templates", "get", "/cgi-bin/template/get_all_private_template"
        )
        return [
            TemplateInfo(t["template_id"], t["title"], t["content"], "official")
            for t in answer["template_list"]
        ]

    def categories(self) -> list[str]:
        answer = self._mini.call("getcategory", "get", "/wxaapi/newtmpl/getcategory")
        return [str(category["name"]) for category in answer.get("data", ())]

    def token_works(self, app: Kind) -> None:
        (self._mini if app == "mini" else self._official).prove()

    # --- content checks ----------------------------------------------------------------------------------------

    def check_text(
        self, openid: str, text: str, *, scene: int = 3, title: str = "", nickname: str = ""
    ) -> Verdict:
        pieces = [text[start : start + TEXT_PIECE] for start in range(0, len(text), TEXT_PIECE)] or [""]
        verdicts = [self._check_piece(openid, piece, scene, title, nickname) for piece in pieces]
        return max(verdicts, key=lambda verdict: SEVERITY[verdict.suggest])

    def _check_piece(self, openid: str, piece: str, scene: int, title: str, nickname: str) -> Verdict:
        body: dict[str, Any] = {"version": 2, "openid": openid, "scene": scene, "content": piece}
        body |= {name: value for name, value in (("title", title), ("nickname", nickname)) if value}
        answer = self._mini.call("msg_sec_check", "post", "/wxa/msg_sec_check", body=body)
        return verdict_of(answer.get("result") or {}, str(answer.get("trace_id", "")))

    def check_media(self, openid: str, media_url: str, *, scene: int = 3) -> str:
        body = {"version": 2, "openid": openid, "scene": scene, "media_url": media_url, "media_type": 2}
        answer = self._mini.call("media_check_async", "post", "/wxa/media_check_async", body=body)
        if not answer.get("trace_id"):
            raise WeChatError("media_check_async", None, Reaction.PERMANENT, "the answer has no trace_id")
        return str(answer["trace_id"])

    # --- codes -------------------------------------------------------------------------------------------------

    def qr_code(self, scene: str, page: str) -> bytes:
        body = {
            "scene": scene,
            "page": page.lstrip("/"),
            "check_path": self._state == "formal",
            "env_version": QR_ENVIRONMENT[self._state],
            "width": 430,
        }
        return self._mini.call_bytes("qr_code", "/wxa/getwxacodeunlimit", body)


def verdict_of(result: Mapping[str, Any], trace_id: str) -> Verdict:
    """A verdict from a v2 `result`; the label comes as number or string. An unknown word counts as review."""
    suggest = result.get("suggest")
    return Verdict(suggest if suggest in SEVERITY else "review", str(result.get("label", "")), trace_id)


def make_platform(settings: Settings) -> RealPlatform:
    """The platform of the settings: WeChat itself, or the stand-in when SANDBOX is on.

    The stand-in's login page is reached through our own origin (/sandbox/…), wherever the browser thinks that is.
    """
    base = settings.wechat_api_base
    mini = TownClient(settings.wechat_mini_appid, settings.wechat_mini_secret, base=base)
    official = (
        TownClient(settings.wechat_official_appid, settings.wechat_official_secret, base=base)
        if settings.wechat_official_appid
        else None
    )
    web_base = "/sandbox" if settings.sandbox else settings.wechat_web_base
    return RealPlatform(mini, official, web_base=web_base, state=settings.miniprogram_state)
