"""consultations: 有事好商量 from proposal to look-back

Revision: 0014
After: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    _topics()
    _meetings()
    _deciding()
    _carrying()


def _topics() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("code", exact(12), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("origin", exact(12), nullable=False),
        sa.Column("proposer_id", big_id(), nullable=True),
        sa.Column("registered_by", big_id(), nullable=True),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("body", long_text(), nullable=False),
        sa.Column("track", exact(12), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("proposed_reason", sa.String(500), nullable=False),
        sa.Column("screened_reason", sa.String(500), nullable=False),
        sa.Column("public_at", moment(), nullable=True),
        sa.Column("asked", long_text(), nullable=False),
        sa.Column("who_may", sa.String(300), nullable=False),
        sa.Column("use_of_result", sa.String(500), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("shorter_reason", sa.String(300), nullable=False),
        sa.Column("frozen_at", moment(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("conclusion", long_text(), nullable=False),
        sa.Column("drafted_by", big_id(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_until", sa.Date(), nullable=True),
        sa.Column("assignee_unit_id", big_id(), nullable=True),
        sa.Column("assignee_unit_name", sa.String(80), nullable=False),
        sa.Column("carry_out_until", sa.Date(), nullable=True),
        sa.Column("carried_out_on", sa.Date(), nullable=True),
        sa.Column("rating_until", sa.Date(), nullable=True),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('declined', 'carried_out', 'looked_back', 'withdrawn', 'cancelled')) = (closed_at IS NOT NULL)",
            name=op.f("ck_consultations_closed_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("code", name=op.f("uq_consultations_code")),
    )
    op.create_index("ix_consultations_proposer", "consultations", ["proposer_id", "created_at", "id"])
    op.create_index("ix_consultations_public", "consultations", ["town_id", "public_at", "id"])
    op.create_index("ix_consultations_queue", "consultations", ["town_id", "created_at", "id"])
    op.create_index("ix_consultations_state", "consultations", ["town_id", "state", "public_at", "id"])
    op.create_index("ix_consultations_unit", "consultations", ["assignee_unit_id", "created_at", "id"])
    op.create_index("ix_consultations_village", "consultations", ["village_id", "public_at", "id"])
    op.create_table(
        "consultation_versions",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("body", long_text(), nullable=False),
        sa.Column("asked", long_text(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("made_by", big_id(), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_versions_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_versions")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_consultation_versions_consultation_id_number")
        ),
    )


def _meetings() -> None:
    op.create_table(
        "consultation_meetings",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("form", exact(12), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("agenda", long_text(), nullable=False),
        sa.Column("materials", long_text(), nullable=False),
        sa.Column("chosen_how", sa.String(300), nullable=False),
        sa.Column("invited", long_text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("minutes", long_text(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("attendance", sa.String(500), nullable=False),
        sa.Column("called_by", big_id(), nullable=False),
        sa.Column("called_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_meetings_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_meetings")),
    )
    op.create_index("ix_consultation_meetings_topic", "consultation_meetings", ["consultation_id", "id"])
    op.create_table(
        "consultation_seats",
        sa.Column("meeting_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("taken_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "resident_id", name=op.f("pk_consultation_seats")),
    )
    op.create_index("ix_consultation_seats_resident", "consultation_seats", ["resident_id"])


def _deciding() -> None:
    op.create_table(
        "consultation_groups",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("decision", exact(16), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_groups_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_groups")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_consultation_groups_consultation_id_number")
        ),
    )
    op.create_table(
        "consultation_group_comments",
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("group_id", big_id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["consultation_groups.id"], name=op.f("fk_consultation_group_comments_group_id")
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_consultation_group_comments")),
    )
    op.create_index("ix_consultation_group_comments_group", "consultation_group_comments", ["group_id"])
    op.create_table(
        "consultation_resolutions",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("step", exact(16), nullable=False),
        sa.Column("form", exact(16), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("quorum_words", sa.String(300), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("made_by", big_id(), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_resolutions_consultation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_resolutions")),
    )
    op.create_index(
        "ix_consultation_resolutions_topic", "consultation_resolutions", ["consultation_id", "id"]
    )


def _carrying() -> None:
    op.create_table(
        "consultation_progress",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", long_text(), nullable=False),
        sa.Column("media_ids", long_text(), nullable=False),
        sa.Column("made_by", big_id(), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_progress_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_progress")),
    )
    op.create_index(
        "ix_consultation_progress_topic", "consultation_progress", ["consultation_id", "on_day", "id"]
    )
    op.create_table(
        "consultation_followers",
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("since", moment(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "resident_id", name=op.f("pk_consultation_followers")),
    )
    op.create_index("ix_consultation_followers_resident", "consultation_followers", ["resident_id"])
    op.create_table(
        "consultation_ratings",
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", long_text(), nullable=True),
        sa.Column("rated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "resident_id", name=op.f("pk_consultation_ratings")),
    )
    op.create_index("ix_consultation_ratings_resident", "consultation_ratings", ["resident_id"])


def downgrade() -> None:
    """Go down."""
    op.drop_table("consultation_ratings")
    op.drop_table("consultation_followers")
    op.drop_table("consultation_progress")
    op.drop_table("consultation_resolutions")
    op.drop_table("consultation_group_comments")
    op.drop_table("consultation_groups")
    op.drop_table("consultation_seats")
    op.drop_table("consultation_meetings")
    op.drop_table("consultation_versions")
    op.drop_table("consultations")
