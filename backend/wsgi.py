"""Server entry: `granian --interface wsgi backend.wsgi:app`. Commands come here too (`flask --app backend.wsgi`)."""

from __future__ import annotations

import logging
import os

from sqlalchemy.exc import OperationalError, ProgrammingError

from backend.app import create_app
from backend.kernel.db import run_unit
from backend.kernel.rotation import demand_ring

app = create_app()


def _demand_ring() -> None:
    """A server does not start without a key that stored values need; a command may, to mend it.

    Without a database, or before its tables are there, nothing can be asked: readiness tells of that.
    """
    try:
        with app.app_context():
            run_unit(demand_ring)
    except (OperationalError, ProgrammingError) as error:
        logging.getLogger(__name__).warning(
            "the ring of keys could not be checked", extra={"why": str(error.orig)}
        )


if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    _demand_ring()
