"""Open to everyone: a town's brand, its map, where a point lies, the list of villages."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from backend.kernel.errors import Invalid, NotFound
from backend.kernel.http import Blueprint, anyone, conditional
from backend.kernel.limits import limit
from backend.kernel.openapi import said
from backend.kernel.settings import settings
from backend.places import queries
from backend.places.models import Town
from backend.places.ports import PublicLimits
from backend.places.schemas import (
    ConfigSchema,
    LocatedSchema,
    LocateQuery,
    MapSchema,
    PlacesQuery,
    PlacesSchema,
    TownQuery,
    TownsSchema,
)

blueprint = Blueprint(
    "places_public",
    __name__,
    guard=anyone,
    url_prefix="/api/v1/public",
    description="地点：公开",
)


@blueprint.get("/config")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, ConfigSchema)
def config(query: dict[str, Any]) -> dict[str, Any]:
    """The town's brand, limits and what this browser can do."""
    return public_config(_town(query), request.user_agent.string, bool(request.cookies.get("sandbox_person")))


@blueprint.get("/towns")
@blueprint.response(200, TownsSchema)
def towns() -> dict[str, Any]:
    """The towns of the county."""
    return {"towns": [_town_name(town) for town in queries.towns()]}


@blueprint.get("/map")
@blueprint.arguments(TownQuery, location="query")
@blueprint.doc(responses=said(MapSchema, words="GeoJSON"))
def town_map(query: dict[str, Any]) -> Response:
    """The outline, villages and grids, for drawing; changes only when boundaries are loaded."""
    town = _town(query)
    return conditional(f"map {town.id} {town.version}", lambda: queries.town_map(town.id))


@blueprint.get("/locate")
@limit("60/minute")
@blueprint.arguments(LocateQuery, location="query")
@blueprint.response(200, LocatedSchema)
def locate(query: dict[str, Any]) -> dict[str, Any]:
    """The grid a point lies in; 422 `outside_town` asks to choose a village by hand."""
    town = _town(query)
    lon, lat = queries.to_gcj02(query["lon"], query["lat"], query["crs"])
    found = queries.locate(town.id, lon, lat)
    if found is None:
        raise outside_town(town)
    return {"point": {"lon": round(lon, 6), "lat": round(lat, 6)}, **_located(found)}


@blueprint.get("/places")
@blueprint.arguments(PlacesQuery, location="query")
@blueprint.response(200, PlacesSchema)
def places(query: dict[str, Any]) -> dict[str, Any]:
    """All places of a level, with the name of their area, for choosing by hand."""
    town = _town(query)
    areas = {card.id: card.name for card in queries.children(town.id, "area")}
    found = queries.children(town.id, query["level"])
    return {
        "items": [
            {"id": card.id, "name": card.name, "area_name": areas.get(card.places.get("area", 0))}
            for card in found
        ]
    }


def outside_town(town: Town) -> Invalid:
    """The refusal of a point that lies elsewhere, with the way on."""
    sentence = f"这个位置不在{queries.get_place(town.id).name}范围内，请移动图钉，或直接选择所在的村。"
    return Invalid("outside_town", sentence, fields={"point": ["不在本镇范围内"]})


def public_config(town: Town, user_agent: str, has_sandbox_person: bool) -> dict[str, Any]:
    """The body of /config. WeChat's browser names itself; the stand-in's phone leaves a cookie instead."""
    current, limits = settings(), _limits()
    place = queries.get_place(town.id)
    return {
        "product_name": town.product_name,
        "operator": town.operator,
        "filing_number": town.filing_number,
        "town": {**_town_name(town), "county_name": queries.get_place(place.places["county"]).name},
        "towns": [_town_name(other) for other in queries.towns()],
        "phones": town.phones,
        "privacy": town.privacy,
        "upload": {
            "max_photos": limits.max_photos,
            "max_bytes": limits.max_photo_bytes,
            "types": list(limits.photo_types),
        },
        "text_max": limits.text_max,
        "wechat": {
            "inside": "MicroMessenger" in user_agent or (current.sandbox and has_sandbox_person),
            "sandbox": current.sandbox,
            "official": bool(current.wechat_official_appid),
            "mini_appid": current.wechat_mini_appid,
        },
        "features": town.features,
    }


def _limits() -> PublicLimits:
    limits: PublicLimits = current_app.extensions["public_limits"]
    return limits


def _town(query: dict[str, Any]) -> Town:
    if query["town"]:
        return queries.town_by_code(query["town"])
    found = queries.towns()
    if not found:
        raise NotFound("town_unknown", "还没有载入任何镇的资料。")
    return found[0]


def _town_name(town: Town) -> dict[str, Any]:
    return {"id": town.id, "code": town.code, "name": queries.get_place(town.id).name}


def _located(found: queries.Located) -> dict[str, Any]:
    return {"area": found.area, "village": found.village, "grid": found.grid, "label": found.label}
