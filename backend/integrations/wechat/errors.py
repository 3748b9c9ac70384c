"""The error table: what a code means depends on the call it answers (wechat-oss §2.2)."""

from __future__ import annotations

from backend.integrations.wechat.protocol import Reaction

R = Reaction
SENDS = frozenset({"subscribe_send", "template_send"})
CHECKS = frozenset({"msg_sec_check", "media_check_async"})

#: What a code means wherever it comes from.
EVERYWHERE: dict[int, Reaction] = {
    -1: R.RETRY,
    40001: R.TOKEN,
    40014: R.TOKEN,
    42001: R.TOKEN,
    45011: R.MINUTE_QUOTA,
    45009: R.QUOTA,
    48001: R.CONFIGURATION,
    50002: R.CONFIGURATION,
    40013: R.CONFIGURATION,
    40125: R.CONFIGURATION,
    40164: R.CONFIGURATION,
    40243: R.CONFIGURATION,
    41002: R.CONFIGURATION,
    41004: R.CONFIGURATION,
    50004: R.CONFIGURATION,
    50007: R.CONFIGURATION,
    61024: R.CONFIGURATION,
    89503: R.CONFIGURATION,
    89506: R.CONFIGURATION,
    89507: R.CONFIGURATION,
    40003: R.BAD_OPENID,
    43104: R.BAD_OPENID,
    47001: R.PERMANENT,
    44002: R.PERMANENT,
    43002: R.PERMANENT,
    40129: R.PERMANENT,
    40004: R.PERMANENT,
}

#: Codes that mean something else, or something at all, at one call only.
AT: dict[tuple[str, int], Reaction] = {
    # the token itself: 40001 here is a wrong secret, not an old token
    ("stable_token", 40001): R.CONFIGURATION,
    ("code_to_session", 40029): R.NEW_CODE,
    ("code_to_session", 40163): R.NEW_CODE,
    ("code_to_session", 40226): R.BLOCKED_USER,
    ("web_token", 40029): R.NEW_CODE,
    ("web_token", 40163): R.NEW_CODE,
    ("web_token", 40226): R.BLOCKED_USER,
    ("web_userinfo", 40001): R.NEW_CODE,
    ("web_userinfo", 42001): R.NEW_CODE,
    ("phone_number", 40029): R.NEW_CODE,
    ("phone_number", 40163): R.NEW_CODE,
    ("msg_sec_check", 44991): R.MINUTE_QUOTA,
    ("media_check_async", 44991): R.MINUTE_QUOTA,
    ("msg_sec_check", 61010): R.NOT_SEEN,
    ("media_check_async", 61010): R.NOT_SEEN,
    ("media_check_async", 87020): R.PERMANENT,
    ("subscribe_send", 43101): R.NO_GRANT,
    ("subscribe_send", 43108): R.SERIALISE,
    ("subscribe_send", 45168): R.SENSITIVE,
    ("subscribe_send", 40037): R.TEMPLATE,
    ("subscribe_send", 43107): R.TEMPLATE,
    ("subscribe_send", 41030): R.BAD_PAGE,
    ("subscribe_send", 47003): R.PERMANENT,
    ("template_send", 43004): R.UNFOLLOWED,
    ("template_send", 43019): R.REFUSED,
    ("template_send", 48002): R.REFUSED,
    ("template_send", 43101): R.REFUSED,
    ("template_send", 45168): R.SENSITIVE,
    ("template_send", 40037): R.TEMPLATE,
    ("template_send", 43116): R.TEMPLATE,
    ("template_send", 40249): R.TEMPLATE,
    ("template_send", 40247): R.TEMPLATE,
    ("template_send", 40246): R.TEMPLATE,
    ("template_send", 47003): R.PERMANENT,
    ("template_send", 41030): R.BAD_PAGE,
    ("qr_code", 41030): R.BAD_PAGE,
    ("list_subscribe_templates", 20001): R.RETRY,
}

#: Doing these twice costs somebody something: a grant, a second message, a spent code.
NOT_REPEATABLE = SENDS | {"code_to_session", "web_token", "phone_number"}


def reaction_for(api: str, errcode: int) -> Reaction:
    """What to do about `errcode` from `api`. A code nobody wrote down counts as PERMANENT: no blind retries."""
    return AT.get((api, errcode)) or EVERYWHERE.get(errcode, R.PERMANENT)


def reaction_without_answer(api: str, *, reached: bool) -> Reaction:
    """What to do when no answer was understood (timeout, cut connection, HTTP 5xx).

    `reached` false: the request never left, so everything may be tried again. A spent login code is answered by a
    new code, so only messages are ever in doubt.
    """
    if not reached:
        return R.RETRY
    if api in SENDS:
        return R.UNKNOWN_OUTCOME
    return R.NEW_CODE if api in NOT_REPEATABLE else R.RETRY
