"""Run a whole town for the live test until standard input ends; prints one JSON line when it is ready."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT))

from tests.support.town import Town  # noqa: E402

town = Town(Path(sys.argv[1])).prepare(demo=())
try:
    town.start()
    sys.stdout.write(json.dumps({"origin": town.url, "platform": town.env["SANDBOX_URL"]}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
finally:
    town.stop()
