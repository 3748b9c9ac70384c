"""How a topic is shown: a line of the list, its public page, and the desk's page with what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.cases.views import action_lines, photo_card, staff_entry, title_of
from backend.comments import queries as comments
from backend.consultations import carrying, concluding, meetings, queries, resolutions, texts, words
from backend.consultations.models import Consultation, ConsultationMeeting
from backend.consultations.states import DECLINED, RATING_CLOCK, TABLE
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.ids import show_code
from backend.kernel.paging import Page
from backend.media import queries as media
from backend.polls import queries as polls
from backend.workflow import clocks
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import timeline_of

#: what stands in the list of what people said; a statement stands with the statements
SPOKEN = ("comment", "question")
#: fewer ratings than these say something of persons
LEAST_RATINGS = 5


def lines(page: Page[Consultation], *, for_staff: bool = False) -> dict[str, Any]:
    """A page of a list."""
    topics = page.items
    ids = [topic.id for topic in topics]
    villages, pictures = queries.village_names(topics), queries.covers(topics)
    spoken = comments.counts(TABLE.kind, ids, SPOKEN)
    people = comments.participants(TABLE.kind, ids)
    return {
        "items": [
            _core(topic, for_staff=for_staff)
            | {
                "village_name": villages.get(topic.village_id or 0),
                "comment_count": spoken.get(topic.id, 0),
                "participants": people.get(topic.id, 0),
                "cover": pictures.get(topic.id),
            }
            for topic in topics
        ],
        "next_cursor": page.next_cursor,
    }


def _core(topic: Consultation, *, for_staff: bool) -> dict[str, Any]:
    state = TABLE.state(topic.state)
    return {
        "id": topic.id,
        "code_display": show_code(topic.code),
        "title": topic.title,
        "state": topic.state,
        "state_label": state.for_staff if for_staff else state.label,
        "tone": state.tone,
        "stage": words.stage_of(topic.state),
        "stage_label": words.STAGE_LABELS.get(words.stage_of(topic.state), ""),
        "origin": topic.origin,
        "origin_label": words.ORIGINS[topic.origin],
        "major": topic.major,
        "opens_on": topic.opens_on,
        "closes_on": topic.closes_on,
        "days_left": words.days_left(topic),
        "version": topic.version,
    }


def public_view(topic: Consultation, *, for_staff: bool = False) -> dict[str, Any]:
    """The page of a topic as everybody reads it."""
    line: dict[str, Any] = lines(Page([topic], None), for_staff=for_staff)["items"][0]
    held = meetings.meetings_of(topic.id)
    shown = [_meeting(row) for row in held]
    return line | {
        **_text(topic),
        **_outcome(topic),
        "meeting": shown[0] if shown else None,
        "meetings": shown,
        "poll_id": polls.poll_id_of(TABLE.kind, topic.id),
        "notice": words.NOTICE,
        "statement_count": comments.counts(TABLE.kind, [topic.id], ["statement"]).get(topic.id, 0),
        "groups": _groups(topic),
        "progress": _progress(topic),
        "resolutions": [_resolution(row) for row in resolutions.resolutions_of(topic.id)],
        "rating": _rating(topic),
        "timeline": [_entry(entry) for entry in timeline_of(topic.kind, topic.id, "public")],
        "dates": [words.clock_line(clock) for clock in clocks.of_subject(topic.kind, topic.id)],
    }


def staff_view(topic: Consultation, actor: Actor) -> dict[str, Any]:
    """The same for staff who may see it, with what is not public and the actions open to them."""
    inside = concluding.members([group.id for group in concluding.groups_of(topic.id)])
    grouped = {str(group_id): [str(one) for one in held] for group_id, held in inside.items()}
    timeline = timeline_of(topic.kind, topic.id, "staff")
    drafter = identity.staff_named(topic.drafted_by) if topic.drafted_by else None
    view = public_view(topic, for_staff=True) | {
        "body": topic.body,
        "conclusion": topic.conclusion,
        "drafted_by": drafter.name if drafter is not None else None,
        "frozen": topic.frozen,
        "comments_left": concluding.left_over(topic.id),
        "group_comments": grouped,
        "unit_id": topic.assignee_unit_id,
        "village_id": topic.village_id,
        "timeline": [staff_entry(entry, TABLE, []) for entry in timeline],
        "actions": action_lines(topic, actor),
    }
    view["groups"] = _groups(topic, public=False)
    return view


def own_view(topic: Consultation) -> dict[str, Any]:
    """What a resident has just proposed."""
    state = TABLE.state(topic.state)
    screen = next(iter(clocks.of_subject(topic.kind, topic.id)))
    return {
        "id": topic.id,
        "code_display": show_code(topic.code),
        "title": topic.title,
        "state": topic.state,
        "state_label": state.label,
        "next_step": state.next_step,
        "screen_by": words.day_of(screen.due_at),
    }


def _text(topic: Consultation) -> dict[str, Any]:
    return {
        "next_step": TABLE.state(topic.state).next_step,
        # What was not let in is not published: the reason is, under its title.
        "body": topic.body if topic.state != DECLINED else "",
        "asked": topic.asked,
        "who_may": topic.who_may,
        "use_of_result": topic.use_of_result,
        "track": topic.track,
        "track_label": words.TRACKS[topic.track],
        "shorter_reason": topic.shorter_reason,
        "proposed_reason": topic.proposed_reason,
        "screened_reason": topic.screened_reason,
        "text_version": topic.text_version,
        "versions": [
            {
                "number": row.number,
                "made_on": words.day_of(row.made_at),
                "reason": row.reason,
                "title": row.title,
                "body": row.body,
                "asked": row.asked,
            }
            for row in texts.versions_of(topic.id)
        ],
    }


def _outcome(topic: Consultation) -> dict[str, Any]:
    """What was decided is public once it was signed."""
    signed = topic.concluded_on is not None
    return {
        "conclusion": topic.conclusion if signed else "",
        "concluded_on": topic.concluded_on,
        "published_on": topic.published_on,
        "published_until": topic.published_until,
        "unit_name": topic.assignee_unit_name or None,
        "carry_out_until": topic.carry_out_until,
        "carried_out_on": topic.carried_out_on,
        "rating_until": topic.rating_until,
    }


def _meeting(row: ConsultationMeeting) -> dict[str, Any]:
    return {
        "id": row.id,
        "form": row.form,
        "form_label": words.FORMS[row.form],
        "state": row.state,
        "state_label": words.MEETING_STATES[row.state],
        "at": row.at,
        "place": row.place,
        "agenda": row.agenda,
        "materials": row.materials,
        "chosen_how": row.chosen_how,
        "invited": row.invited,
        "seats": row.seats,
        "seats_taken": row.seats_taken,
        "minutes": row.minutes,
        "expected": row.expected,
        "attended": row.attended,
        "attendance": row.attendance,
    }


def _groups(topic: Consultation, *, public: bool = True) -> list[dict[str, Any]]:
    if public and topic.concluded_on is None:
        return []
    held = concluding.groups_of(topic.id)
    inside = concluding.members([group.id for group in held])
    return [
        {
            "id": group.id,
            "title": group.title,
            "decision": group.decision,
            "decision_label": words.DECISIONS[group.decision],
            "reason": group.reason,
            "comment_count": len(inside[group.id]),
        }
        for group in held
    ]


def _progress(topic: Consultation) -> list[dict[str, Any]]:
    held = carrying.progress_of(topic.id)
    if not held:
        return []
    photos = {str(card.id): card for card in media.for_subject(topic.kind, topic.id)}
    return [
        {
            "on": row.on_day,
            "text": row.text,
            "photos": [photo_card(photos[one]) for one in row.media_ids if one in photos],
        }
        for row in held
    ]


def _resolution(row: Any) -> dict[str, Any]:
    return {
        "step": row.step,
        "step_label": words.STEPS[row.step],
        "form_label": words.ASSEMBLIES[row.form],
        "held_on": row.held_on,
        "entitled": row.entitled,
        "present": row.present,
        "agreed": row.agreed,
        "passed": row.passed,
        "quorum_words": row.quorum_words,
        "note": row.note,
    }


def _rating(topic: Consultation) -> dict[str, Any] | None:
    """How it was looked back at, with n; the average of a few would say something of each."""
    if topic.rating_until is None:
        return None
    enough = topic.rating_count >= LEAST_RATINGS
    average = round(topic.rating_sum / topic.rating_count, 1) if enough else None
    return {"n": topic.rating_count, "average": average, "least": LEAST_RATINGS}


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    edge = TABLE.edge(entry.action, entry.from_state)
    told = edge is not None and edge.note_to_citizen
    return {
        "at": entry.at,
        "title": title_of(entry, TABLE, to_citizen=True),
        "note": (entry.note or entry.data.get("reason")) if told else None,
    }


def mine(
    topic: Consultation, resident_id: int, *, followed: bool, seat: bool, score: int | None
) -> dict[str, Any]:
    """What a public page cannot know of the one who reads it."""
    return {
        "followed": followed,
        "seat": seat,
        "rated": score is not None,
        "score": score,
        "may_rate": score is None and _rating_open(topic),
        "may_speak": topic.state == "open",
        "may_withdraw": topic.state == "proposed" and topic.proposer_id == resident_id,
        "marks": comments.my_marks(resident_id, TABLE.kind, topic.id),
        "my_comments": comments.own(resident_id, TABLE.kind, topic.id),
    }


def _rating_open(topic: Consultation) -> bool:
    running = (c for c in clocks.of_subject(topic.kind, topic.id) if c.name == RATING_CLOCK)
    return any(clock.state == "running" for clock in running)


def assignees(units: dict[int, list[Any]]) -> dict[str, Any]:
    """Whom something can be handed over to: units, and in them nobody by name."""
    known: Sequence[Any] = sorted(identity.units_by_id(units).values(), key=lambda unit: unit.code)
    return {"items": [{"unit_id": unit.id, "unit_name": unit.name} for unit in known]}
