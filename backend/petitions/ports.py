"""What petitions need of others, declared by the one who asks; app.py says who answers."""

from __future__ import annotations

from collections.abc import Callable

_vault: list[Callable[[int], bool]] = []


def vault_open_by(answer: Callable[[int], bool]) -> None:
    """Say who knows whether a town takes sealed denunciations (检举控告) now; by the town's id."""
    _vault[:] = [answer]


def vault_open(town_id: int) -> bool:
    """Whether the town has somebody who could open a sealed denunciation; False while nobody is wired in."""
    return any(answer(town_id) for answer in _vault)
