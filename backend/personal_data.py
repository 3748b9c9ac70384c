"""Part of the composition root: who hands what to a person's own rights (backend/rights/ports.py)."""

from __future__ import annotations

from backend.cases import readings
from backend.comments import keeping as comment_keeping
from backend.comments import personal as comments
from backend.consultations import personal as consultations
from backend.consultations import statements
from backend.feedback import personal as feedback
from backend.identity import minors
from backend.identity import personal as identity
from backend.identity import services as identity_services
from backend.kernel.rotation import has_blind_index
from backend.media import personal as media
from backend.moderation import personal as moderation
from backend.notifications import personal as notifications
from backend.outbox.timers import periodic
from backend.petitions import keeping
from backend.petitions import personal as petitions
from backend.reports import personal as reports
from backend.reports.states import TABLE
from backend.rights import deeds, ports, queries, retention, services, transparency
from backend.rights.ports import Retained
from backend.villagers import personal as villagers
from backend.villagers import services as villager_services

DAY_SECONDS = 86400


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    for copy in (
        identity.copy,
        reports.copy,
        petitions.copy,
        villagers.copy,
        comments.copy,
        consultations.copy,
        statements.copy,
        transparency.copy_sections,
        media.copy,
        notifications.copy,
        queries.copy_sections,
    ):
        ports.holds(copy)
    ports.keeps_case_details(TABLE.kind, reports)
    ports.forgets_case(notifications.forget_case)
    ports.forgets_case(moderation.forget_case)
    ports.stops_messages(notifications.stop)
    for erase in (
        notifications.forget_person,
        services.forget_requests,
        queries.forget_copies_of,
        minors.forget,
        villagers.forget_person,
    ):
        ports.forgets_person(erase)
    for let_go in (petitions.let_go, comments.let_go, consultations.let_go, statements.let_go):
        ports.lets_go(let_go)
    ports.still_open_by(petitions.still_open)
    ports.tells_by(notifications.tell)
    villager_services.tell_by(notifications.tell)
    _merging()
    identity_services.on_anonymise(deeds.forget_when_gone)
    _retention()
    has_blind_index("residents.phone", "phone_index", "phone")
    has_blind_index("staff.phone", "phone_index", "staff_phone")
    has_blind_index("villagers.name", "name_index", "villager_name")
    periodic("retention.run", DAY_SECONDS, retention.run, in_transaction=False)


def _merging() -> None:
    identity_services.on_merge(services.merge_resident)
    identity_services.on_merge(minors.merge_resident)
    identity_services.on_merge(petitions.merge_resident)
    identity_services.on_merge(consultations.merge_resident)
    identity_services.on_merge(statements.merge_resident)
    identity_services.on_merge(villager_services.merge_resident)


def _retention() -> None:
    for rule, held in {
        "uploads": Retained(media.unattached, media.forget),
        "location": Retained(reports.exact_after_closing, reports.make_all_coarse),
        "contact": Retained(reports.contact_after_closing, reports.forget_contacts),
        "deliveries": Retained(notifications.old_deliveries, notifications.forget_deliveries),
        "inbox": Retained(notifications.old_inbox, notifications.forget_inbox),
        "opinions": Retained(feedback.old_contacts, feedback.forget_contacts),
        "requests": Retained(queries.old_requests, queries.forget_words),
        "readings": Retained(readings.old_readings, readings.forget_readings),
        "petition_contacts": Retained(keeping.contacts_after_ending, keeping.forget_contacts),
        "petition_visits": Retained(keeping.old_visits, keeping.forget_visits),
        "petition_readings": Retained(keeping.old_readings, keeping.forget_readings),
        "petition_reasons": Retained(keeping.old_reasons, keeping.forget_reasons),
        "logins": Retained(identity.old_logins, identity.forget_logins),
        "guardian_codes": Retained(minors.old_codes, minors.forget_codes),
        "copies": Retained(queries.old_copies, queries.forget_copies),
        "villagers": Retained(villagers.old_askings, villagers.forget_askings),
        "comments": Retained(comment_keeping.old_comments, comment_keeping.forget_comments),
        "comment_notes": Retained(comment_keeping.old_notes, comment_keeping.forget_notes),
        "comment_flags": Retained(comment_keeping.old_flags, comment_keeping.forget_flags),
        "consultation_seats": Retained(consultations.old_seats, consultations.forget_seats),
    }.items():
        ports.retains(rule, held)
