"""shapely, and numpy beneath it, for those who draw: loaded at their first use, not by every process.

They weigh fifteen megabytes. A web process loads them with its first point on the map, a worker hardly ever.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__all__ = ["numpy", "shapely"]

if TYPE_CHECKING:
    import numpy
    import shapely
else:

    class _Late:
        """A module that is imported when something of it is asked for; importing is safe among threads."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            return getattr(importlib.import_module(self._name), attribute)

    numpy, shapely = _Late("numpy"), _Late("shapely")
