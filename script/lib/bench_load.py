"""Load on a server by wrk: written in C, so that the client takes little of what is measured."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.services import find_program

CLIENTS = 8
# Each caller has a session and an address of its own: the limits per person and address are not what is measured.
ADDRESS = """
function address(who)
  return "10." .. math.floor(who / 65536) % 256 .. "." .. math.floor(who / 256) % 256 .. "." .. who % 256
end
function read(name)
  local found = {}
  for line in io.lines(name) do found[#found + 1] = line end
  return found
end
function done(summary, latency)
  print(string.format("p95: %d requests: %d", latency:percentile(95), summary.requests))
end
"""
POST_SCRIPT = """
local tokens, count = {}, 0
function init(arguments)
  tokens, count, mark = read(arguments[1]), tonumber(arguments[2]) * 1000000, arguments[3]
end
function request()
  count = count + 1
  local who = count % #tokens + 1
  local headers = {
    ["Authorization"] = "Bearer " .. tokens[who], ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = mark .. "-" .. count, ["X-Forwarded-For"] = address(who),
  }
  return wrk.format("POST", "/api/v1/resident/reports", headers, BODY)
end
"""
ACT_SCRIPT = """
local cases, cookies, next = {}, {}, 0
function init(arguments) cases, cookies = read(arguments[1]), read(arguments[2]) end
function request()
  next = next + 1
  if next > #cases then wrk.thread:stop() return wrk.format("GET", "/healthz") end
  local who = next % #cookies + 1
  local headers = {
    ["Cookie"] = "staff_session=" .. cookies[who], ["Content-Type"] = "application/json",
    ["X-Requested-With"] = "console", ["X-Forwarded-For"] = address(next),
  }
  return wrk.format("POST", "/api/v1/staff/cases/" .. cases[next] .. "/actions/accept", headers, BODY)
end
"""
GET_SCRIPT = """
local count = 0
function request()
  count = count + 1
  wrk.headers["X-Forwarded-For"] = address(count)
  return wrk.format("GET")
end
"""
WRONG = re.compile(r"(?:Non-2xx or 3xx responses|Socket errors)[^\n]*")
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
DONE = re.compile(r"p95: (\d+) requests: (\d+)")


class LoadFailed(Exception):
    """The server did not answer as it should; the number would mean nothing."""


@dataclass(frozen=True)
class Load:
    """What a round of load came to; `p95` is in milliseconds."""

    per_second: float
    p95: float
    requests: int


def posts(
    folder: Path, url: str, tokens: Sequence[str], body: Mapping[str, Any], seconds: float, turn: int
) -> Load:
    """Reports that the server takes, each by another resident."""
    script, people = _script(folder, "post", POST_SCRIPT, body), folder / "tokens"
    people.write_text("".join(f"{token}\n" for token in tokens))
    return _run(["-s", str(script), url, "--", str(people), str(turn), "bench"], seconds)


def acts(folder: Path, url: str, cases: Sequence[int], cookies: Sequence[str], seconds: float) -> Load:
    """Reports that the desk accepts, each once; `cases` must be more than can be accepted in the time."""
    script = _script(folder, "act", ACT_SCRIPT, {"version": 1})
    files = {"cases": cases, "cookies": cookies}
    for name, lines in files.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return _run(["-s", str(script), url, "--", *(str(folder / name) for name in files)], seconds)


def gets(folder: Path, url: str, headers: Mapping[str, str], seconds: float) -> Load:
    """Answers to one question asked again and again."""
    words = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    return _run(["-s", str(_script(folder, "get", GET_SCRIPT, {})), *words, url], seconds)


def _script(folder: Path, name: str, script: str, body: Mapping[str, Any]) -> Path:
    path = folder / f"{name}.lua"
    text = json.dumps(body, ensure_ascii=False)
    path.write_text(f"local BODY = [==[{text}]==]\n{ADDRESS}{script}")
    return path


def _run(words: list[str], seconds: float) -> Load:
    program = find_program("wrk")
    assert program is not None
    command = [program, "-t1", f"-c{CLIENTS}", f"-d{seconds:.0f}s", "--timeout", "20s", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    rate, counted = RATE.search(done.stdout), DONE.search(done.stdout)
    wrong = WRONG.search(done.stdout)
    if done.returncode != 0 or rate is None or counted is None or wrong is not None:
        raise LoadFailed(f"{wrong.group() if wrong else done.stderr}\n{done.stdout}")
    return Load(float(rate.group(1)), int(counted.group(1)) / 1000, int(counted.group(2)))
