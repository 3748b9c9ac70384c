"""The worker's own entry: `python -m backend.work` is `flask outbox run`, without what a worker never uses.

No routes with their document, no migrations, no commands: 45 MB that it would carry all day.
"""

from __future__ import annotations

import gc
import sys

from flask.cli import ScriptInfo

from backend.app import create_app


def main() -> None:
    """Run the worker until it is told to stop; options as of `flask outbox run`."""
    app = create_app(serves=False)
    # What was loaded stays for good: it is not looked through again whenever a job has made many objects.
    gc.collect()
    gc.freeze()
    app.cli.main(
        ["outbox", "run", *sys.argv[1:]], prog_name="backend.work", obj=ScriptInfo(create_app=lambda: app)
    )


if __name__ == "__main__":
    main()
