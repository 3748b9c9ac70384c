"""Screening, and the time in which people are heard (CON-04, CON-08): who screened, with which published reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.consultations import meetings, texts
from backend.consultations.effects import Taken, carries_out
from backend.consultations.models import Consultation
from backend.consultations.periods import closing_day, prolonged_day
from backend.consultations.states import COLLECT_CLOCK
from backend.consultations.texts import demand_publishable
from backend.kernel.clock import now, today
from backend.polls import services as polls
from backend.workflow import clocks
from backend.workflow.calendar import end_of
from backend.workflow.kinds import kind_of

PROMISED = "published"


@carries_out("accept")
def _accept(taken: Taken) -> None:
    """It is public from here on. Invalid while its text holds what may not be read by everybody."""
    topic, given = taken.topic, taken.given
    demand_publishable({"title": topic.title, "body": topic.body})
    topic.major, topic.track = given["weight"] == "major", str(given["track"])
    _screened(taken)


@carries_out("decline")
def _decline(taken: Taken) -> None:
    """The reason is published, under a title that may be read by everybody."""
    topic, given = taken.topic, taken.given
    topic.title = str(given.get("public_title") or topic.title)
    demand_publishable({"public_title": topic.title})
    _screened(taken)


def _screened(taken: Taken) -> None:
    taken.topic.screened_reason = str(taken.given["note"])
    taken.topic.public_at = taken.entry.at


@carries_out("open")
def _open(taken: Taken) -> None:
    """CON-08. Invalid for a period that is none, or too short without a reason."""
    topic, given = taken.topic, taken.given
    reason = str(given.get("shorter_reason") or "")
    closes = closing_day(today(), given.get("closes_on"), reason, major=topic.major)
    demand_publishable({"title": topic.title, "body": topic.body})
    topic.asked, topic.who_may = str(given["asked"]), str(given["who_may"])
    topic.use_of_result = str(given["use_of_result"])
    topic.opens_on, topic.shorter_reason = today(), reason
    texts.keep_version(topic, taken.actor, "")
    _until(topic, closes)
    if given.get("poll") is not None:
        _open_poll(topic, given["poll"], closes)


def _open_poll(topic: Consultation, poll: Mapping[str, Any], closes: date) -> None:
    """CON-10: an opinion poll among the verified villagers of the village, or of the town; for as long."""
    options = [str(option) for option in poll["options"]]
    demand_publishable({"poll": "\n".join([str(poll["question"]), *options])})
    # Nobody is told when the first ballot comes in: from the first moment on somebody may have answered the text.
    topic.frozen_at = now()
    polls.open_poll(
        topic.kind,
        topic.id,
        topic.town_id,
        topic.village_id,
        str(poll["question"]),
        options,
        int(poll["entitled"]),
        now(),
        end_of(closes),
    )


@carries_out("cancel")
def _cancel(taken: Taken) -> None:
    """What was called with it is called off with it."""
    polls.cancel_poll(taken.topic.kind, taken.topic.id)
    meetings.call_off(taken.topic.id)


@carries_out("prolong")
def _prolong(taken: Taken) -> None:
    """Later only: nobody who counted on the last day finds the door shut. The poll is open for as long."""
    topic = taken.topic
    assert topic.opens_on is not None  # it is open
    assert topic.closes_on is not None
    day = prolonged_day(topic.opens_on, topic.closes_on, taken.given["closes_on"])
    _until(topic, day)
    polls.prolong(topic.kind, topic.id, end_of(day))


def _until(topic: Consultation, day: date) -> None:
    topic.closes_on = day
    clocks.agree(topic, kind_of(topic.kind), COLLECT_CLOCK, end_of(day), PROMISED)
