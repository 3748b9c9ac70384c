"""Load on a server by wrk: written in C, so that the client takes little of what is measured."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.services import find_program

CLIENTS = 8
# Each caller has a session and an address of its own: the limits per person and address are not what is measured.
POST_SCRIPT = """
local tokens, count = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line end
  count, mark = tonumber(arguments[2]) * 1000000, arguments[3]
end
function request()
  count = count + 1
  local who = count % #tokens + 1
  local headers = {
    ["Authorization"] = "Bearer " .. tokens[who], ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = mark .. "-" .. count,
    ["X-Forwarded-For"] = "10." .. math.floor(who / 65536) .. "." .. math.floor(who / 256) % 256 .. "." .. who % 256,
  }
  return wrk.format("POST", "/api/v1/resident/reports", headers, BODY)
end
"""
WRONG = re.compile(r"(?:Non-2xx or 3xx responses|Socket errors)[^\\n]*")
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")


class LoadFailed(Exception):
    """The server did not answer as it should; the number would mean nothing."""


def posts_per_second(
    folder: Path, url: str, tokens: list[str], body: Mapping[str, Any], seconds: float, turn: int
) -> float:
    """Reports a second that the server took, each by another resident."""
    script, people = folder / "post.lua", folder / "tokens"
    people.write_text("".join(f"{token}\n" for token in tokens))
    text = json.dumps(body, ensure_ascii=False)
    script.write_text(f"local BODY = [==[{text}]==]\n{POST_SCRIPT}")
    return _run(["-s", str(script), url, "--", str(people), str(turn), "bench"], seconds)


def gets_per_second(url: str, headers: Mapping[str, str], seconds: float) -> float:
    """Answers a second."""
    words = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    return _run([*words, url], seconds)


def _run(words: list[str], seconds: float) -> float:
    program = find_program("wrk")
    assert program is not None
    command = [program, "-t1", f"-c{CLIENTS}", f"-d{seconds:.0f}s", "--timeout", "20s", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    found = RATE.search(done.stdout)
    wrong = WRONG.search(done.stdout)
    if done.returncode != 0 or found is None or wrong is not None:
        raise LoadFailed(f"{wrong.group() if wrong else done.stderr}\n{done.stdout}")
    return float(found.group(1))
