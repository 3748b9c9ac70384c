"""Routes that ask nobody who they are."""

from __future__ import annotations

from tests.support.permissions.route import CASE, any_value, public

ROUTES = {
    "GET /api/v1/public/config": public(),
    "GET /api/v1/public/towns": public(),
    "GET /api/v1/public/home": public(),
    "GET /api/v1/public/map": public(),
    "GET /api/v1/public/locate": public(),
    "GET /api/v1/public/places": public(),
    "GET /api/v1/public/categories": public(),
    "GET /api/v1/public/progress/<code>": public(target=CASE),
    "GET /api/v1/public/ping": public(),
    "POST /api/v1/public/feedback": public({"text": "字太小了", "page": "/m/"}),
    "POST /api/v1/public/sessions/mini": public({"code": "code-of-somebody"}),
    "POST /api/v1/public/sessions/official": public({"code": "code-of-somebody", "state": "x"}),
    "GET /api/v1/public/wechat/authorize": public(),
    "GET /api/v1/wechat/callback": public(),
    "GET /api/v1/wechat/callback/<app>": public(target=any_value("mini")),
    "POST /api/v1/wechat/callback": public(),
    "POST /api/v1/wechat/callback/<app>": public(target=any_value("mini")),
    "POST /api/v1/staff/session": public({"username": "nobody", "password": "nothing"}),
}
