"""One thin subclass of wechatpy's client per appid.

What it changes (wechat-oss §1.2): the base address can be moved, tokens come from the shared row through
stable_token, every call has a timeout, a refused token is renewed once and never again, redirects are not
followed, and no exception carries a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from backend.integrations.wechat.errors import reaction_for, reaction_without_answer
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.integrations.wechat.tokens import RowTokens, Tokens
from backend.kernel.db import assert_no_transaction

TIMEOUT_SECONDS = (3.05, 8.0)  # to connect, to answer
CONNECTIONS = 32
PERSONAL = ("touser", "openid", "code", "js_code", "secret", "access_token")
IN_ADDRESS = re.compile(r"(?i)\b(secret|access_token|js_code|code|openid|appsecret)=[^&\s\"']+")

Answer = dict[str, Any]


class TownClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """Calls WeChat for one appid; threads share it."""

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        base: str,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
        tokens: Tokens | None = None,
    ) -> None:
        super().__init__(appid, secret, timeout=timeout, auto_retry=False)
        self._base = base.rstrip("/")
        self.API_BASE_URL = f"{self._base}/cgi-bin/"
        self.wxa.API_BASE_URL = f"{self._base}/"
        for scheme in ("http://", "https://"):  # as many kept connections as a process has threads
            self._http.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._http.trust_env = urlsplit(self._base).hostname not in {"127.0.0.1", "localhost", "::1"}
        self.tokens: Tokens = tokens or RowTokens(appid, self._stable_token)

    def call(self, api: str, method: str, path: str, *, params: Mapping[str, str] | None = None,
             body: Answer | None = None) -> Answer:  # fmt: skip
        """Call with the shared token and return the decoded answer.

        Renews the token and repeats once when it is refused. Raises WeChatError; RuntimeError inside a transaction.
        """
        answer = self._with_token(api, method, path, dict(params or {}), body)
        if not isinstance(answer, dict):
            raise self._no_answer(api, "the answer is not JSON", reached=True)
        return answer

    def call_bytes(self, api: str, path: str, body: Answer) -> bytes:
        """As call(), for the calls that answer with an image."""
        answer = self._with_token(api, "post", path, {}, body)
        if isinstance(answer, dict) or not answer.content:
            raise self._no_answer(api, "the answer is no image", reached=True)
        content: bytes = answer.content
        return content

    def call_open(self, api: str, method: str, path: str, *, params: Mapping[str, str] | None = None,
                  body: Answer | None = None) -> Answer:  # fmt: skip
        """Call without the shared token (logins, and the token itself)."""
        answer = self._once(api, method, path, dict(params or {}), body)
        if not isinstance(answer, dict):
            raise self._no_answer(api, "the answer is not JSON", reached=True)
        return answer

    def fetch_access_token(self) -> Answer:
        """wechatpy's own way to a token, led to ours, so that its built-in calls work."""
        return {"access_token": self.tokens.current().value}

    @property
    def access_token(self) -> str:
        return self.tokens.current().value

    def prove(self) -> None:
        """Ask for the token as if none were kept: appid, secret and address are right when it is given.

        Harmless to others, who go on with theirs. Raises WeChatError.
        """
        self._stable_token(False)

    def _stable_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        answer = self.call_open("stable_token", "post", "/cgi-bin/stable_token", body=body)
        return str(answer["access_token"]), int(answer["expires_in"])

    def _with_token(
        self, api: str, method: str, path: str, params: dict[str, str], body: Answer | None
    ) -> Any:
        assert_no_transaction(f"wechat.{api}")
        token = self.tokens.current()
        try:
            return self._once(api, method, path, params | {"access_token": token.value}, body)
        except WeChatError as error:
            if error.reaction is not Reaction.TOKEN:
                raise
        token = self.tokens.renew(token)
        return self._once(api, method, path, params | {"access_token": token.value}, body)

    def _once(self, api: str, method: str, path: str, params: dict[str, str], body: Answer | None) -> Any:
        """One request, no repetition; every way it can fail becomes a WeChatError without a secret."""
        assert_no_transaction(f"wechat.{api}")
        try:
            # a list of pairs, because wechatpy adds its own token to a dict
            return self._request(
                method, self._base + path, params=list(params.items()), data=body, allow_redirects=False,
                headers={"Content-Type": "application/json; charset=utf-8"},
            )  # fmt: skip
        except WeChatClientException as error:
            failure = self._refused(api, error, {**params, **(body or {})})
        except requests.exceptions.RequestException as error:
            failure = self._no_answer(api, type(error).__name__, reached=_was_reached(error))
        raise failure

    def _refused(self, api: str, error: WeChatClientException, sent: Mapping[str, Any]) -> WeChatError:
        if error.errcode is None:
            status = error.response.status_code
            if status < 500 and status != 429:
                return WeChatError(api, None, Reaction.CONFIGURATION, f"HTTP {status}")
            return self._no_answer(api, f"HTTP {status}", reached=True)
        text = _scrubbed(
            str(error.errmsg), [self.secret, *(str(sent[name]) for name in PERSONAL if name in sent)]
        )
        return WeChatError(api, error.errcode, reaction_for(api, error.errcode), text)

    @staticmethod
    def _no_answer(api: str, text: str, *, reached: bool) -> WeChatError:
        return WeChatError(api, None, reaction_without_answer(api, reached=reached), text)


def _was_reached(error: requests.exceptions.RequestException) -> bool:
    """Whether the request may have arrived; false only when it is certain that it did not."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return False
    if isinstance(error, requests.exceptions.ConnectionError) and error.args:
        return not isinstance(getattr(error.args[0], "reason", None), NewConnectionError)
    return True


def _scrubbed(text: str, secrets: list[str]) -> str:
    for secret in filter(lambda s: len(s) > 3, secrets):
        text = text.replace(secret, "***")
    return IN_ADDRESS.sub(r"\1=***", text)[:300]
