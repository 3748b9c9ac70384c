"""The invitation of co-signers: a token that opens what the matter is about in one word, and nothing else.

The token is derived, so that the petitioner's page can show it again; the row keeps its hash.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.settings import settings
from backend.petitions.models import Petition

PURPOSE = "petitions.invitation"
LENGTH = 40
PAGE = "/m/pages-petition/cosign/index?token="


def open_for(petition: Petition) -> None:
    """Let others be invited to sign."""
    petition.invitation = _hash(blind_index(PURPOSE, str(petition.id))[:LENGTH])


def url_of(petition: Petition) -> str | None:
    """The address to pass on; None when nobody can be invited, or the key it was made with is gone."""
    for token in (index[:LENGTH] for index in blind_indexes(PURPOSE, str(petition.id))):
        if petition.invitation is not None and _hash(token) == petition.invitation:
            return f"{settings().public_base_url}{PAGE}{token}"
    return None


def invited_to(token: str, *, lock: bool = False) -> Petition:
    """The petition behind an invitation, for the one door it opens; NotFound without one."""
    query = select(Petition).where(Petition.invitation == _hash(token))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    petition = db.session.execute(query).scalar_one_or_none()
    if petition is None:
        raise NotFound("invitation_unknown", "这个邀请不对或已经失效，请向发起人要新的链接。")
    return petition


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
