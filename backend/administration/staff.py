"""Routes of the dictionaries: categories, standard replies, routing rules, holidays, what a person keeps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import g
from flask.views import MethodView

from backend.administration import queries, schemas, services, trials
from backend.administration.models import RuleTrial
from backend.administration.policy import town_of
from backend.cases import rules as case_rules
from backend.identity.guards import requires, staff_guard
from backend.kernel.clock import start_of_day, today
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.reports import catalogue
from backend.workflow import holidays

blueprint = Blueprint(
    "staff_administration", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="字典与设置"
)
MANAGE = "settings.manage"


@blueprint.get("/dictionary-choices")
@requires(MANAGE)
@blueprint.response(200, schemas.ChoicesSchema)
def choices() -> dict[str, Any]:
    """What the forms of the dictionaries offer."""
    return queries.choices(town_of(g.actor))


@blueprint.route("/categories")
class Categories(MethodView):
    """The catalogue of what may be reported."""

    @requires(MANAGE)
    @blueprint.response(200, schemas.CategoryRowsSchema)
    def get(self) -> dict[str, Any]:
        """The whole catalogue, also what is switched off."""
        return {"items": queries.categories(town_of(g.actor))}

    @idempotent
    @requires(MANAGE)
    @blueprint.arguments(schemas.NewCategorySchema)
    @blueprint.response(201, schemas.CategoryRowSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Add a category."""
        return queries.category_row(catalogue.save(g.actor, town_of(g.actor), given))


@blueprint.post("/categories/order")
@requires(MANAGE)
@blueprint.arguments(schemas.OrderSchema)
@blueprint.response(200, schemas.CategoryRowsSchema)
def order_categories(given: dict[str, Any]) -> dict[str, Any]:
    """Put the categories into another order."""
    catalogue.reorder(g.actor, town_of(g.actor), given["ids"])
    return {"items": queries.categories(town_of(g.actor))}


@blueprint.patch("/categories/<category_id>")
@requires(MANAGE)
@blueprint.arguments(schemas.ChangedCategorySchema)
@blueprint.response(200, schemas.CategoryRowSchema)
def change_category(given: dict[str, Any], category_id: str) -> dict[str, Any]:
    """Change a category; only cases dispatched afterwards get its limits. 409 when it changed since `version`."""
    return queries.category_row(catalogue.save(g.actor, town_of(g.actor), given, parse_id(category_id)))


@blueprint.route("/standard-replies")
class Replies(MethodView):
    """Texts that fill in a reply or a note."""

    @requires("case.note", MANAGE)
    @blueprint.arguments(schemas.ReplyQuerySchema, location="query")
    @blueprint.response(200, schemas.ReplyRowsSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Those for a category and for all; `all` shows an administrator also what is switched off."""
        everything = wanted["all_"] and g.actor.may(MANAGE)
        return {"items": queries.replies(g.actor.town_id, wanted.get("category"), everything=everything)}

    @idempotent
    @requires(MANAGE)
    @blueprint.arguments(schemas.NewReplySchema)
    @blueprint.response(201, schemas.ReplyRowSchema)
    def post(self, given: dict[str, Any]) -> Any:
        """Add a standard reply."""
        return services.save_reply(g.actor, town_of(g.actor), given)


@blueprint.post("/standard-replies/order")
@requires(MANAGE)
@blueprint.arguments(schemas.OrderSchema)
@blueprint.response(200, schemas.ReplyRowsSchema)
def order_replies(given: dict[str, Any]) -> dict[str, Any]:
    """Put the standard replies into another order."""
    services.reorder_replies(g.actor, town_of(g.actor), given["ids"])
    return {"items": queries.replies(town_of(g.actor), None, everything=True)}


@blueprint.patch("/standard-replies/<reply_id>")
@requires(MANAGE)
@blueprint.arguments(schemas.ChangedReplySchema)
@blueprint.response(200, schemas.ReplyRowSchema)
def change_reply(given: dict[str, Any], reply_id: str) -> Any:
    """Change a standard reply; 409 when it changed since `version`."""
    return services.save_reply(g.actor, town_of(g.actor), given, parse_id(reply_id))


@blueprint.route("/rules")
class Rules(MethodView):
    """The routing rules, in the order in which they are asked."""

    @requires(MANAGE)
    @blueprint.response(200, schemas.RuleRowsSchema)
    def get(self) -> dict[str, Any]:
        """All rules, also those switched off."""
        return {"items": queries.rules(town_of(g.actor))}

    @idempotent
    @requires(MANAGE)
    @blueprint.arguments(schemas.NewRuleSchema)
    @blueprint.response(201, schemas.RuleRowSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Add a rule, before the one that takes the rest."""
        return queries.rule_row(case_rules.save(g.actor, town_of(g.actor), given))


@blueprint.post("/rules/order")
@requires(MANAGE)
@blueprint.arguments(schemas.OrderSchema)
@blueprint.response(200, schemas.RuleRowsSchema)
def order_rules(given: dict[str, Any]) -> dict[str, Any]:
    """Put the rules into another order."""
    case_rules.reorder(g.actor, town_of(g.actor), given["ids"])
    return {"items": queries.rules(town_of(g.actor))}


@blueprint.patch("/rules/<rule_id>")
@requires(MANAGE)
@blueprint.arguments(schemas.ChangedRuleSchema)
@blueprint.response(200, schemas.RuleRowSchema)
def change_rule(given: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """Change a rule or switch it off; 409 when it changed since `version`."""
    return queries.rule_row(case_rules.save(g.actor, town_of(g.actor), given, parse_id(rule_id)))


@blueprint.post("/rules/dry-run")
@idempotent
@requires(MANAGE)
@blueprint.arguments(schemas.TrialGivenSchema)
@blueprint.response(201, schemas.TrialSchema)
@limit("20/minute")
def try_rules(given: dict[str, Any]) -> dict[str, Any]:
    """Try drafted rules on past cases: at once, or in the worker when there are many; last month by default."""
    since, until = _period(given.get("from_"), given.get("to"))
    return trials.shown(trials.start(g.actor, town_of(g.actor), given["rules"], since, until))


@blueprint.get("/rules/dry-run/<trial_id>")
@requires(MANAGE)
@blueprint.response(200, schemas.TrialSchema)
def read_trial(trial_id: str) -> dict[str, Any]:
    """How far one's own dry run has come, and what it found."""
    trial: RuleTrial = trials.find(g.actor, parse_id(trial_id))
    return trials.shown(trial)


def _period(first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """The closed range of dates as moments; last month when nothing is said."""
    end_of_last_month = today().replace(day=1) - timedelta(days=1)
    last = last or (end_of_last_month if first is None else today())
    first = first or last.replace(day=1)
    if first > last or (last - first).days > 366:
        raise Invalid("bad_period", "起止日期不对，最多看一年。", fields={"from": ["起止日期不对"]})
    return start_of_day(first), start_of_day(last + timedelta(days=1))


@blueprint.get("/holidays")
@requires(MANAGE)
@blueprint.response(200, schemas.HolidayYearsSchema)
def read_holidays() -> dict[str, Any]:
    """Last year, this one and the next two, and until which year the calendar is complete."""
    year = today().year
    return {
        "items": [holidays.year_state(one) for one in range(year - 1, year + 3)],
        "covered_until": holidays.covered_until(),
    }


@blueprint.route("/holidays/<year>", methods=["PUT"])
@requires(MANAGE)
@blueprint.arguments(schemas.HolidayYearGivenSchema)
@blueprint.response(200, schemas.HolidaysSavedSchema)
def replace_holidays(given: dict[str, Any], year: str) -> dict[str, Any]:
    """Put in a year's arrangement, whole; every open clock is counted anew."""
    town_of(g.actor)
    days = [holidays.Day(d["day"], d["working"], d["name"]) for d in given["days"]]
    if not year.isascii() or not year.isdigit() or len(year) != 4:
        raise NotFound
    moved = holidays.replace_year(g.actor, int(year), days)
    return holidays.year_state(int(year)) | {"moved": moved}


@blueprint.route("/preferences/<key>")
class Preference(MethodView):
    """What one keeps for a page: columns, filters."""

    @blueprint.response(200, schemas.PreferenceSchema)
    def get(self, key: str) -> dict[str, Any]:
        """What one keeps under this key; null when nothing."""
        return {"value": queries.preference(g.actor, _key(key))}

    @blueprint.arguments(schemas.PreferenceGivenSchema)
    @blueprint.response(200, schemas.PreferenceSchema)
    @limit("120/minute")
    def put(self, given: dict[str, Any], key: str) -> dict[str, Any]:
        """Keep something small for oneself."""
        services.keep_preference(g.actor, _key(key), given["value"])
        return {"value": given["value"]}


def _key(key: str) -> str:
    """Raises NotFound for a key that no page of ours would name."""
    if not key or len(key) > 40 or not all(c.isascii() and (c.isalnum() or c in "._-") for c in key):
        raise NotFound
    return key
