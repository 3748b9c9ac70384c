"""The one place where the application is put together; nobody imports it but wsgi, cli and tests."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import cli, operations, personal_data, shell, wings
from backend.administration import ports as administration_ports
from backend.administration import sheet_exports, sheet_kinds, sheet_people
from backend.administration import staff as administration_staff
from backend.administration import staff_sheets as administration_sheets
from backend.administration import staff_system as administration_system
from backend.administration import trials as rule_trials
from backend.announcements import staff as announcements_staff
from backend.audit import services as audit
from backend.cases import flags as case_flags
from backend.cases import public as cases_public
from backend.cases import queries as cases_queries
from backend.cases import services as cases
from backend.cases import staff as cases_staff
from backend.cases.parts import parts_by
from backend.comments import moderators as comment_moderators
from backend.comments import ports as comment_ports
from backend.comments import public as comments_public
from backend.comments import resident as comments_resident
from backend.comments import services as comments
from backend.comments import staff as comments_staff
from backend.consultations import kind as consultations_kind
from backend.consultations import public as consultations_public
from backend.consultations import queries as consultation_queries
from backend.consultations import resident as consultations_resident
from backend.consultations import speaking as consultation_speaking
from backend.consultations import staff as consultations_staff
from backend.consultations import statement_routes
from backend.feedback import public as feedback_public
from backend.feedback import queries as feedback_queries
from backend.feedback import staff as feedback_staff
from backend.identity import followers as identity_followers
from backend.identity import guards, login_log
from backend.identity import ports as identity_ports
from backend.identity import public as identity_public
from backend.identity import queries as identity_queries
from backend.identity import resident as identity_resident
from backend.identity import services as identity
from backend.identity import sessions as identity_sessions
from backend.identity import staff as identity_staff
from backend.identity import staff_duty as identity_duty
from backend.identity import staff_people as identity_people
from backend.identity import staff_sessions as identity_desks
from backend.identity.acting import acting
from backend.integrations.content_check.wechat import WeChatChecker
from backend.integrations.oss.factory import make_store
from backend.integrations.oss.local import LocalStore
from backend.integrations.oss.local_http import make_files_blueprint
from backend.integrations.wechat.callback import make_callback_blueprint
from backend.integrations.wechat.platform import make_platform
from backend.integrations.wechat.templates import check_against_platform, load_templates
from backend.kernel.clock import now
from backend.kernel.db import before_units, db, init_database
from backend.kernel.http import Api, TownFlask, init_http
from backend.kernel.idempotency import KEPT, forget_keys
from backend.kernel.ids import ensure_node
from backend.kernel.json import OrjsonProvider
from backend.kernel.limits import init_limits
from backend.kernel.logs import init_logs
from backend.kernel.page_cache import init_pages
from backend.kernel.settings import use_settings
from backend.media import checks as media_checks
from backend.media import resident as media_resident
from backend.media import services as media
from backend.media import staff as media_staff
from backend.moderation import events as moderation_events
from backend.moderation import jobs as moderation_jobs
from backend.moderation import ports as moderation_ports
from backend.moderation import queries as moderation_queries
from backend.moderation import services as moderation
from backend.moderation import spoken as moderation_spoken
from backend.moderation import staff as moderation_staff
from backend.notifications import notices, platform_events, template_check
from backend.notifications import personal as inbox_lines
from backend.notifications import queries as inbox
from backend.notifications import resident as notifications_resident
from backend.notifications import services as notifications
from backend.notifications import staff as notifications_staff
from backend.outbox.timers import periodic
from backend.petitions import documents_public as petition_documents_public
from backend.petitions import documents_resident as petition_documents_resident
from backend.petitions import documents_staff as petition_documents_staff
from backend.petitions import files as petition_files
from backend.petitions import files_rotation as petition_files_rotation
from backend.petitions import kind as petitions_kind
from backend.petitions import ports as petition_ports
from backend.petitions import public as petitions_public
from backend.petitions import queries as petition_queries
from backend.petitions import resident as petitions_resident
from backend.petitions import staff as petitions_staff
from backend.petitions import visits_resident as petition_visits_resident
from backend.petitions import visits_staff as petition_visits_staff
from backend.places import ports as places_ports
from backend.places import public as places_public
from backend.places import staff as places_staff
from backend.places.ports import PublicLimits
from backend.polls import counting as poll_counting
from backend.polls import erasing as poll_erasing
from backend.polls import public as polls_public
from backend.polls import resident as polls_resident
from backend.polls import services as polls
from backend.polls import staff as polls_staff
from backend.reports import kind as reports_kind
from backend.reports import ports as reports_ports
from backend.reports import public as reports_public
from backend.reports import resident as reports_resident
from backend.reports import staff as reports_staff
from backend.reports.schemas import TEXT_MOST
from backend.reports.services import MOST_PHOTOS
from backend.rights import resident as rights_resident
from backend.rights import staff as rights_staff
from backend.sandbox.proxy import make_proxy_blueprint
from backend.search import public as search_public
from backend.search import share as search_share
from backend.sheets import jobs as sheet_jobs
from backend.sheets import services as sheets
from backend.tasks import kind as tasks_kind
from backend.tasks import queries as task_queries
from backend.tasks import services as tasks
from backend.tasks import staff as tasks_staff
from backend.tasks import views as task_views
from backend.vault import public as vault_public
from backend.vault import queries as vault_queries
from backend.vault import staff as vault_staff
from backend.vault import telling as vault_telling
from backend.villagers import queries as villager_queries
from backend.villagers import resident as villagers_resident
from backend.villagers import staff as villagers_staff
from backend.wall import photos as wall_photos
from backend.wall import reading as wall_reading
from backend.wall import resident as wall_resident
from backend.wall import staff as wall_staff
from backend.workflow import timers as workflow_timers
from config.settings import Settings, load

# Imported for what they register: handlers of the outbox, files under the ring's keys.
HANDLERS = (
    workflow_timers,
    wall_photos,
    sheet_jobs,
    reports_kind,
    moderation_jobs,
    petition_files_rotation,
    poll_counting,
)

ADMINISTRATION = (
    administration_staff.blueprint,
    administration_sheets.blueprint,
    administration_system.blueprint,
    announcements_staff.blueprint,
)
PETITIONS = (
    petitions_public.blueprint,
    petitions_resident.blueprint,
    petition_documents_public.blueprint,
    petition_documents_resident.blueprint,
    petition_documents_staff.blueprint,
    petitions_staff.blueprint,
    petition_visits_resident.blueprint,
    petition_visits_staff.blueprint,
)
VAULT = (vault_public.blueprint, vault_staff.blueprint)
POLLS = (
    villagers_resident.blueprint,
    villagers_staff.blueprint,
    polls_public.blueprint,
    polls_resident.blueprint,
    polls_staff.blueprint,
)
COMMENTS = (comments_public.blueprint, comments_resident.blueprint, comments_staff.blueprint)
CONSULTATIONS = (
    consultations_public.blueprint,
    consultations_resident.blueprint,
    consultations_staff.blueprint,
    *statement_routes.BLUEPRINTS,
)
WALL = (wall_resident.blueprint, wall_staff.blueprint)
WINGS = (
    *WALL,
    *CONSULTATIONS,
    *PETITIONS,
    *VAULT,
    *POLLS,
    *COMMENTS,
    *ADMINISTRATION,
    *wall_reading.BLUEPRINTS,
    search_public.blueprint,
    *wings.BLUEPRINTS,
)


def create_app(settings: Settings | None = None, *, serves: bool = True) -> Flask:
    """A ready application; SettingsError when the settings are incomplete. A worker `serves` no routes."""
    settings = settings or load()
    use_settings(settings)
    init_logs()
    app = TownFlask("backend", static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        API_TITLE="南事不难办",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        TESTING=settings.mode == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own recipe
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=settings.proxy_hops
        )
    init_database(app, settings.database_url, settings.pool_size)
    init_limits(app, settings.redis_url, settings.web_processes)
    init_http(app, settings.node_id)
    with app.app_context():
        init_pages(app, db.engine)
    before_units(lambda: ensure_node(settings.node_id))
    _plug_in_platforms(app, settings)
    _wire_features()
    _watch_platform(app, settings)
    if serves:
        _register_routes(app, settings)
    cli.register(app)
    return app


def _plug_in_platforms(app: Flask, settings: Settings) -> None:
    """The outside services, each behind its protocol; TemplatesError when the field map is wrong."""
    app.extensions["wechat"] = make_platform(settings)
    app.extensions["wechat_templates"] = load_templates(settings.town_config)
    app.extensions["store"] = make_store(settings)
    app.extensions["content_checker"] = lambda: WeChatChecker(app.extensions["wechat"])
    app.extensions["public_limits"] = PublicLimits(
        max_photos=MOST_PHOTOS,
        max_photo_bytes=media_checks.MAX_BYTES,
        photo_types=media_checks.TYPES,
        text_max=TEXT_MOST,
    )


def _wire_features() -> None:
    """What one feature needs of another, through the port of the one who asks."""
    reports_kind.register_reports()
    tasks_kind.register_tasks()
    petitions_kind.register_petitions()
    petition_ports.vault_open_by(lambda town_id: bool(vault_queries.active_keys(town_id)))
    parts_by("petition", petition_queries.card, lambda actor: [], lambda staff: 0)
    reports_ports.child_tasks_by(
        reports_ports.ChildTasks(
            add=tasks.add,
            cancel_all=tasks.cancel_all,
            open_units=task_queries.open_units,
            of_case=task_views.of_case,
        )
    )
    identity.on_merge(cases.merge_resident)
    identity.on_merge(media.merge_resident)
    identity.on_merge(petition_files.merge_resident)
    identity_ports.count_unread_by(inbox.unread)
    identity_ports.count_open_tasks_by(cases_queries.open_task_count)
    identity_ports.count_open_cases_by(cases_queries.open_cases_of_unit)
    places_ports.count_units_by(identity_queries.active_units_at)
    places_ports.count_open_cases_by(cases_queries.open_cases_at)
    wings.wire()
    personal_data.wire()
    sheet_jobs.act_by(acting)
    sheet_kinds.register_dictionaries()
    sheet_people.register_people()
    sheet_exports.register_exports()
    vault_telling.tells_by(notices.tell_staff)
    petition_ports.tells_by(inbox_lines.tell, notices.tell_staff)
    periodic("vault.tell", 3600, vault_telling.tell_readers)
    administration_ports.count_failures_by(_failures)
    administration_ports.check_templates_by(_templates)
    _wire_consultations()
    _wire_moderation()
    _wire_housekeeping()


def _wire_consultations() -> None:
    """Topics, what is said about them, and the polls that are opened with them."""
    consultations_kind.register_consultations()
    parts_by("consultation", consultation_queries.card, lambda actor: [], lambda staff: 0)
    comment_ports.commented_on("consultation", consultation_speaking.SUBJECT)
    identity.on_merge(polls.merge_resident)
    periodic("polls.close", 300, poll_counting.close_due)
    periodic("polls.stir", 3600, poll_erasing.stir_open_polls)


def _wire_housekeeping() -> None:
    """What is sealed or let go of from time to time."""
    periodic("audit.seal", 300, lambda: audit.seal_batch(audit.BATCH))
    periodic("sessions.purge", 86400, lambda: identity_sessions.purge(now()))
    periodic("login_log.forget", 86400, login_log.forget)
    periodic("idempotency.forget", 3600, lambda: forget_keys(now() - KEPT))
    periodic("viewers.forget", 3600, cases.forget_viewers)
    periodic("trials.forget", 86400, rule_trials.forget)
    periodic("sheets.purge", 3600, sheets.purge)


def _wire_moderation() -> None:
    """What people post is told to those who judge it, and what they find to the case."""
    notifications.also_look(moderation.look_at_entry)
    platform_events.also_tell(moderation_events.handle_platform_event)
    moderation_ports.read_by("feedback", "群众意见", feedback_queries.texts)
    case_flags.flag_content_by(moderation_queries.flag_of)
    periodic("content.overdue", 600, moderation.hand_over_overdue)
    moderation_ports.read_by(comments.SUBJECT, "公开发言", comment_moderators.texts)
    moderation_ports.judged_by(comments.SUBJECT, moderation_spoken.judged())
    comment_ports.checked_by(moderation_spoken.Queue())
    comment_ports.villages_by(villager_queries.village_of)
    comment_ports.tells_by(inbox_lines.tell)
    identity.on_merge(comments.merge_resident)


def _failures(town_id: int) -> administration_ports.Failures:
    found = inbox.undelivered(town_id)
    return administration_ports.Failures(found["failed"], found["in_doubt"])


def _templates() -> administration_ports.TemplateCheck | None:
    row = template_check.findings()
    if row is None:
        return None
    return administration_ports.TemplateCheck(row.checked_at, tuple(row.problems), row.unreadable)


def _watch_platform(app: Flask, settings: Settings) -> None:
    """The worker compares our field map with the platform's templates, when it starts and daily; and the followers."""

    def compare() -> list[str]:
        book, wechat = app.extensions["wechat_templates"], app.extensions["wechat"]
        return check_against_platform(book, wechat, official=bool(settings.wechat_official_appid))

    periodic("templates.check", 86400, lambda: template_check.check_and_keep(compare), in_transaction=False)
    if settings.wechat_official_appid:
        periodic("followers.sync", 3600, identity_followers.sync_at_night, in_transaction=False)


def _register_routes(app: Flask, settings: Settings) -> None:
    api = Api(app)
    for blueprint in (
        places_public.blueprint,
        reports_public.blueprint,
        cases_public.blueprint,
        identity_public.blueprint,
        feedback_public.blueprint,
        identity_resident.blueprint,
        reports_resident.blueprint,
        notifications_resident.blueprint,
        media_resident.make_blueprint(guards.resident_guard),
        identity_staff.login_blueprint,
        identity_staff.blueprint,
        identity_people.blueprint,
        identity_desks.blueprint,
        identity_duty.blueprint,
        places_staff.make_blueprint(guards.staff_guard, guards.requires),
        cases_staff.blueprint,
        reports_staff.blueprint,
        tasks_staff.blueprint,
        notifications_staff.blueprint,
        rights_resident.blueprint,
        rights_staff.blueprint,
        feedback_staff.blueprint,
        moderation_staff.blueprint,
        media_staff.make_blueprint(guards.staff_guard),
        *WINGS,
    ):
        api.register_blueprint(blueprint)
    app.register_blueprint(make_callback_blueprint(settings, platform_events.take))
    store = app.extensions["store"]
    if isinstance(store, LocalStore):
        app.register_blueprint(make_files_blueprint(store))
    if settings.sandbox and settings.sandbox_url:
        app.register_blueprint(make_proxy_blueprint(settings.sandbox_url))
    app.register_blueprint(wall_reading.PAGES)
    app.register_blueprint(search_share.blueprint)
    app.register_blueprint(operations.blueprint)
    app.register_blueprint(shell.blueprint)
