"""The one place where the application is put together; nobody imports it but wsgi, cli and tests."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from backend.kernel.db import db, init_database
from backend.kernel.http import Api, TownFlask, init_http
from backend.kernel.json import OrjsonProvider
from backend.kernel.limits import init_limits
from backend.kernel.logs import init_logs
from backend.kernel.settings import use_settings
from config.settings import Settings, load

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """A ready application; SettingsError when the settings are incomplete."""
    settings = settings or load()
    use_settings(settings)
    init_logs()
    app = TownFlask("backend", static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        API_TITLE="南事不难办",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        TESTING=settings.mode == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    init_database(app, settings.database_url, settings.pool_size)
    init_limits(app, settings.redis_url)
    init_http(app, settings.node_id)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    Api(app)
    return app
