"""Routes of the bulletin for the desk that writes it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.views import MethodView

from backend.bulletin import files, policy, queries, series, services, views, volumes
from backend.bulletin.access import get_article_for
from backend.bulletin.staff_schemas import (
    ONE_FILE,
    ArticleActSchema,
    NewArticleSchema,
    SavedArticleSchema,
    SeriesChangedSchema,
    SeriesGivenSchema,
    StaffArticleSchema,
    StaffArticlesQuerySchema,
    StaffArticlesSchema,
    StaffSeriesListSchema,
    StaffSeriesSchema,
    StaffVolumeSchema,
    StaffVolumesSchema,
    VolumeGivenSchema,
)
from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.errors import Invalid
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit

blueprint = Blueprint(
    "staff_bulletin",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="党的声音传万家：编写、发布、合订本",
)
WRITE = policy.WRITE


@blueprint.route("/articles")
class Articles(MethodView):
    """The desk's list, and a new draft."""

    @requires(WRITE)
    @blueprint.arguments(StaffArticlesQuerySchema, location="query")
    @blueprint.response(200, StaffArticlesSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The town's articles in a state, or all of them; the newest begun first."""
        found = queries.of_desk(current_actor(), wanted["state"], wanted["cursor"])
        return {"items": views.desk_lines(found.items), "next_cursor": found.next_cursor}

    @requires(WRITE)
    @idempotent
    @limit("60/minute", name="bulletin.draft")
    @blueprint.arguments(NewArticleSchema)
    @blueprint.response(201, StaffArticleSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Begin an article; 422 for HTML that acts, and for links elsewhere than to official accounts."""
        actor = current_actor()
        return views.desk_page(services.draft(actor, given), actor)


@blueprint.route("/articles/<article_id>")
class OneArticle(MethodView):
    """One article."""

    @requires(WRITE)
    @blueprint.response(200, StaffArticleSchema)
    def get(self, article_id: str) -> dict[str, Any]:
        """The article with its files, its history and the actions open now."""
        actor = current_actor()
        return views.desk_page(get_article_for(actor, parse_id(article_id)), actor)

    @requires(WRITE)
    @limit("60/minute", name="bulletin.save")
    @blueprint.arguments(SavedArticleSchema)
    @blueprint.response(200, StaffArticleSchema)
    def patch(self, given: dict[str, Any], article_id: str) -> dict[str, Any]:
        """Change a draft; 409 when it was changed since `version`, or is no draft any more."""
        actor = current_actor()
        version = given.pop("version")
        return views.desk_page(services.save(actor, parse_id(article_id), version, given), actor)


@blueprint.route("/articles/<article_id>/files", methods=["POST"])
@requires(WRITE)
@limit("30/minute", name="bulletin.file")
@blueprint.doc(requestBody=ONE_FILE)
@blueprint.response(201, StaffArticleSchema)
def add_file(article_id: str) -> dict[str, Any]:
    """Keep a cover, a photo, or a recording (MP3 or M4A, 10 MB at most) with a draft."""
    actor = current_actor()
    wanted = get_article_for(actor, parse_id(article_id)).id
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("file_missing", "请选择一个文件。", fields={"file": ["请选择一个文件。"]})
    name = request.form.get("name", "") or sent.filename or ""
    return views.desk_page(files.add(actor, wanted, request.form.get("role", ""), name, sent.read()), actor)


@blueprint.route("/articles/<article_id>/files/<file_id>", methods=["DELETE"])
@requires(WRITE)
@blueprint.response(200, StaffArticleSchema)
def remove_file(article_id: str, file_id: str) -> dict[str, Any]:
    """Take a file out of a draft."""
    actor = current_actor()
    return views.desk_page(files.remove(actor, parse_id(article_id), parse_id(file_id)), actor)


@blueprint.route("/articles/<article_id>/actions/<action>", methods=["POST"])
@requires(WRITE)
@idempotent_when_keyed
@blueprint.arguments(ArticleActSchema)
@blueprint.response(200, StaffArticleSchema)
@limit("60/minute", name="bulletin.act")
def act(given: dict[str, Any], article_id: str, action: str) -> dict[str, Any]:
    """Publish, schedule, unschedule, withdraw (with a note), revise, discard; 409 when changed since `version`."""
    actor = current_actor()
    article = services.act(actor, parse_id(article_id), action, given.pop("version"), given)
    return views.desk_page(article, actor)


@blueprint.route("/series")
class SeriesList(MethodView):
    """The series of the town."""

    @requires(WRITE)
    @blueprint.response(200, StaffSeriesListSchema)
    def get(self) -> dict[str, Any]:
        """All series in their order, those switched off too."""
        return {"items": views.series_lines(policy.town_of(current_actor()), all_of_them=True)}

    @requires(WRITE)
    @idempotent
    @limit("30/minute", name="bulletin.series.add")
    @blueprint.arguments(SeriesGivenSchema)
    @blueprint.response(201, StaffSeriesSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """A new series."""
        return views.series_line(series.add(current_actor(), given), 0)


@blueprint.route("/series/<series_id>", methods=["PATCH"])
@requires(WRITE)
@limit("30/minute", name="bulletin.series.change")
@blueprint.arguments(SeriesChangedSchema)
@blueprint.response(200, StaffSeriesSchema)
def change_series(given: dict[str, Any], series_id: str) -> dict[str, Any]:
    """Rename, move, switch off or on; 409 when changed since `version`."""
    row = series.change(current_actor(), parse_id(series_id), given)
    return views.series_line(row, series.counts(row.town_id).get(row.id, 0))


@blueprint.route("/volumes")
class Volumes(MethodView):
    """The years as PDF."""

    @requires(WRITE)
    @blueprint.response(200, StaffVolumesSchema)
    def get(self) -> dict[str, Any]:
        """All volumes that were asked for, newest year first, with how far they are."""
        rows = queries.volumes(policy.town_of(current_actor()), ready=False)
        return {"items": views.volume_lines(rows)}

    @requires(WRITE)
    @idempotent
    @limit("6/minute", name="bulletin.volume")
    @blueprint.arguments(VolumeGivenSchema)
    @blueprint.response(201, StaffVolumeSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Have a year bound by the worker; the newest one of a year is what everybody reads."""
        return views.volume_line(volumes.ask(current_actor(), given["year"]))
