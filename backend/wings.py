"""Part of the composition root: the wings of the house, each with a wiring file of its own. A new one is named here."""

from __future__ import annotations

from backend import (
    bulletin_wiring,
    finance_wiring,
    mutual_wiring,
    notices_wiring,
    objections_wiring,
    search_wiring,
    wall_wiring,
)

#: of the API
BLUEPRINTS = (
    *finance_wiring.BLUEPRINTS,
    *notices_wiring.BLUEPRINTS,
    *objections_wiring.BLUEPRINTS,
    *mutual_wiring.BLUEPRINTS,
    *bulletin_wiring.BLUEPRINTS,
)


def wire() -> None:
    """Wire them all; safe to call for each application that is made."""
    for wing in (
        wall_wiring,
        search_wiring,
        notices_wiring,
        objections_wiring,
        mutual_wiring,
        bulletin_wiring,
        finance_wiring,
    ):
        wing.wire()
