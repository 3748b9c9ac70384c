"""Routes of 办事指南 and 便民电话 for who writes them."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.guides import policy, queries, services
from backend.guides.schemas import (
    StaffGuidePageSchema,
    StaffGuideQuerySchema,
    StaffGuideSchema,
    StaffPhoneListSchema,
    StaffPhoneSchema,
    WriteGuideSchema,
    WritePhoneSchema,
)
from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit

blueprint = Blueprint(
    "staff_guides",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="编写办事指南和便民电话",
)


@blueprint.route("/guides")
class Guides(MethodView):
    """The town's guides."""

    @requires(policy.WRITE)
    @blueprint.arguments(StaffGuideQuerySchema, location="query")
    @blueprint.response(200, StaffGuidePageSchema)
    def get(self, wanted: dict[str, Any]) -> Any:
        """Shown or not, last updated first."""
        return queries.of_desk(current_actor(), wanted["cursor"])

    @idempotent
    @requires(policy.WRITE)
    @limit("30/minute", name="guides.write")
    @blueprint.arguments(WriteGuideSchema)
    @blueprint.response(201, StaffGuideSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Write a guide; it is shown at once unless it is to stay hidden."""
        return queries.for_staff(services.write_guide(current_actor(), given))


@blueprint.route("/guides/<guide_id>")
class OneGuide(MethodView):
    """One guide."""

    @requires(policy.WRITE)
    @blueprint.response(200, StaffGuideSchema)
    def get(self, guide_id: str) -> dict[str, Any]:
        """The guide with its version."""
        return queries.for_staff(queries.get_guide_for(current_actor(), parse_id(guide_id)))

    @requires(policy.WRITE)
    @limit("60/minute", name="guides.change")
    @blueprint.arguments(WriteGuideSchema)
    @blueprint.response(200, StaffGuideSchema)
    def put(self, given: dict[str, Any], guide_id: str) -> dict[str, Any]:
        """Write it anew; 409 when somebody changed it since `version`."""
        return queries.for_staff(services.change_guide(current_actor(), parse_id(guide_id), given))


@blueprint.route("/phones")
class Phones(MethodView):
    """The town's numbers."""

    @requires(policy.WRITE)
    @blueprint.response(200, StaffPhoneListSchema)
    def get(self) -> dict[str, Any]:
        """All of them, in the town's order."""
        return {"items": queries.phones(int(current_actor().town_id or 0))}

    @idempotent
    @requires(policy.WRITE)
    @limit("60/minute", name="phones.write")
    @blueprint.arguments(WritePhoneSchema)
    @blueprint.response(201, StaffPhoneSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Put a number down."""
        return queries.phone_cards([services.write_phone(current_actor(), given)])[0]


@blueprint.route("/phones/<phone_id>")
class OnePhone(MethodView):
    """One number."""

    @requires(policy.WRITE)
    @limit("60/minute", name="phones.change")
    @blueprint.arguments(WritePhoneSchema)
    @blueprint.response(200, StaffPhoneSchema)
    def put(self, given: dict[str, Any], phone_id: str) -> dict[str, Any]:
        """Write it anew; 409 when somebody changed it since `version`."""
        return queries.phone_cards([services.change_phone(current_actor(), parse_id(phone_id), given)])[0]

    @requires(policy.WRITE)
    @blueprint.response(204)
    def delete(self, phone_id: str) -> None:
        """Take it off the list."""
        services.delete_phone(current_actor(), parse_id(phone_id))
