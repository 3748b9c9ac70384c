"""Server entry: `granian --interface wsgi backend.wsgi:app`."""

from __future__ import annotations

from backend.app import create_app

app = create_app()
