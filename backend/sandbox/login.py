"""Tokens and logins: stable_token, code2session, the official account's web login, the phone number button."""

from __future__ import annotations

import secrets
import time
from typing import Any

from flask import Blueprint, request

from backend.sandbox.config import MINI_APPID, OFFICIAL_APPID
from backend.sandbox.endpoint import (
    Faults,
    Refusal,
    check_secret,
    endpoint,
    make_code,
    redeem,
    state,
)

LIFETIME = 7200
OVERLAP = 300  # normal mode gives a new token five minutes before the end; the old one stays good until then
FORCED_APART = 30
FORCED_PER_DAY = 20
FOLLOWERS_A_PAGE = 10_000

blueprint = Blueprint("login", __name__)


@endpoint(blueprint, "POST", "/cgi-bin/stable_token", "stable_token")
def stable_token(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """Normal mode: the same token until five minutes before its end. Forced: a new one, the old ones are void."""
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    appid = str(body.get("appid", ""))
    check_secret(appid, str(body.get("secret", "")))
    moment = time.time()
    with state().changing():
        if body.get("force_refresh"):
            _force(appid, moment)
        else:
            current = state().one(
                "SELECT * FROM tokens WHERE appid = ? AND revoked = 0 AND expires > ? ORDER BY issued DESC",
                (appid, moment + OVERLAP),
            )
            if current is not None:
                return {"access_token": current["token"], "expires_in": int(current["expires"] - moment)}
        token = "SBX_" + secrets.token_urlsafe(96)
        forced = int(bool(body.get("force_refresh")))
        state().add(
            "tokens", token=token, appid=appid, issued=moment, expires=moment + LIFETIME, forced=forced
        )
    return {"access_token": token, "expires_in": LIFETIME}


def _force(appid: str, moment: float) -> None:
    forced = state().all(
        "SELECT issued FROM tokens WHERE appid = ? AND forced = 1 AND issued > ?", (appid, moment - 86400)
    )
    if any(row["issued"] > moment - FORCED_APART for row in forced):
        raise Refusal(45011, "api minute-quota reach limit, must slower, retry next minute")
    if len(forced) >= FORCED_PER_DAY:
        raise Refusal(45009, "reach max api daily quota limit")
    state().run("UPDATE tokens SET revoked = 1 WHERE appid = ?", (appid,))


@endpoint(blueprint, "GET", "/sns/jscode2session", "code_to_session")
def code_to_session(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """Who tapped; no errcode on success, unionid only when the account is bound to an Open Platform account."""
    appid = request.args.get("appid", "")
    if appid != MINI_APPID:
        raise Refusal(40013, "invalid appid")
    check_secret(appid, request.args.get("secret", ""))
    if request.args.get("grant_type") != "authorization_code":
        raise Refusal(40002, "invalid grant_type")
    person = redeem("mini", request.args.get("js_code", ""))
    state().saw(person["id"])
    session = {"openid": person["mini_openid"], "session_key": secrets.token_urlsafe(18)}
    return session | ({"unionid": person["unionid"]} if person["joined"] else {})


@endpoint(blueprint, "GET", "/sns/oauth2/access_token", "web_token")
def web_token(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """Redeem the code of the web login page."""
    appid = request.args.get("appid", "")
    if appid != OFFICIAL_APPID:
        raise Refusal(40013, "invalid appid")
    check_secret(appid, request.args.get("secret", ""))
    person = redeem("web", request.args.get("code", ""))
    token = "WEB_" + secrets.token_urlsafe(48)
    state().add("web_tokens", token=token, person=person["id"], expires=time.time() + LIFETIME)
    return {
        "access_token": token,
        "expires_in": LIFETIME,
        "refresh_token": "WEBR_" + secrets.token_urlsafe(48),
        "openid": person["official_openid"],
        "scope": "snsapi_userinfo",
    } | ({"unionid": person["unionid"]} if person["joined"] else {})


@endpoint(blueprint, "GET", "/sns/userinfo", "web_userinfo")
def web_userinfo(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The profile of the person who agreed."""
    row = state().one("SELECT * FROM web_tokens WHERE token = ?", (request.args.get("access_token", ""),))
    if row is None:
        raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
    if row["expires"] < time.time():
        raise Refusal(42001, "access_token expired")
    person = state().person(row["person"])
    if person is None or person["official_openid"] != request.args.get("openid"):
        raise Refusal(40003, "invalid openid")
    profile = {
        "openid": person["official_openid"],
        "nickname": person["name"],
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }
    return profile | ({"unionid": person["unionid"]} if person["joined"] else {})


@endpoint(blueprint, "POST", "/wxa/business/getuserphonenumber", "phone_number", token_of="mini")
def phone_number(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The number behind the button's code."""
    person = redeem("phone", str(body.get("code", "")))
    number = person["phone"]
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": number,
            "purePhoneNumber": number,
            "countryCode": "86",
            "watermark": {"timestamp": int(time.time()), "appid": MINI_APPID},
        },
    }


@endpoint(blueprint, "POST", "/cgi-bin/user/info/batchget", "user_batchget", token_of="official")
def user_batchget(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """Followers and their unionids, a hundred at a time."""
    wanted = body.get("user_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 100:
        raise Refusal(40032, "invalid openid list size")
    found: list[dict[str, Any]] = []
    for entry in wanted:
        openid = str(entry.get("openid", "")) if isinstance(entry, dict) else ""
        person = state().by_openid("official", openid)
        if person is None:
            raise Refusal(40003, "invalid openid")
        if not person["followed"]:
            found.append({"subscribe": 0, "openid": openid})
            continue
        union = {"unionid": person["unionid"]} if person["joined"] else {}
        found.append({"subscribe": 1, "openid": openid, "subscribe_time": int(person["seen"])} | union)
    return {"user_info_list": found}


@endpoint(blueprint, "GET", "/cgi-bin/user/get", "user_get", token_of="official")
def user_get(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The openids of all followers, ten thousand at a time, in an order of the platform's own."""
    after = request.args.get("next_openid", "")
    total = state().one("SELECT count(*) AS n FROM people WHERE followed = 1")
    if after and state().by_openid("official", after) is None:
        raise Refusal(40003, "invalid openid")
    rows = state().all(
        "SELECT official_openid FROM people WHERE followed = 1 AND official_openid > ? ORDER BY official_openid LIMIT ?",
        (after, FOLLOWERS_A_PAGE),
    )
    openids = [row["official_openid"] for row in rows]
    page: dict[str, Any] = {"total": total["n"] if total else 0, "count": len(openids)}
    page["next_openid"] = openids[-1] if openids else ""
    return page | ({"data": {"openid": openids}} if openids else {})  # an empty page has no data at all


__all__ = ["blueprint", "make_code"]
