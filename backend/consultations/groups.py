"""The child process that looks for groups of like opinion: votes on stdin, the picture on stdout, both JSON.

Run as ``python -m backend.consultations.groups``. numpy and scikit-learn are loaded here and nowhere else: the child
ends after one consultation, so that neither the web process nor the worker carries them. The method and how it
differs from Polis stand in docs/adr/0015. The same votes give the same picture, byte for byte.

Nothing in the picture is one person's: groups have at least SMALLEST people and are drawn as an ellipse around
their middle; a share is told where at least SMALLEST of the group spoke of the statement.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from typing import Any

AGREE, PASS, DISAGREE = 1, 0, -1
#: so many participants before anything is shown
NEEDED = 20
SMALLEST = 5
#: and a group is at least one in so many of those who are grouped: a few who slipped alike are no group
ONE_IN = 10
#: whoever has spoken of fewer statements has no place in a group yet (Polis: 7, or all there are)
LEAST_VOTES = 7
MOST_GROUPS = 5
#: below this silhouette the opinions do not fall apart into groups, and none are drawn
CLEAR = 0.55
#: a statement unites when in every group the estimated chance to agree is at least this
UNITES = 0.6
#: and divides when the estimated chances of two groups lie at least this far apart
DIVIDES = 0.4
MOST_SHOWN = 5
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
#: one vote of one participant: the position of the statement, and what was said of it
Votes = Sequence[Sequence[tuple[int, int]]]


def main() -> None:
    """Limit, compute, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.stdin.read())
    sys.stdout.write(json.dumps(picture(asked["statements"], asked["votes"]), sort_keys=True))


def picture(statements: int, votes: Votes) -> dict[str, Any]:
    """The common ground of these participants.

    {"participants", "grouped", "silhouette", "groups": [{"code", "n", "centre", "spread", "typical"}],
    "statements": [{"index", "all": counts, "groups": [counts | None]}], "unites": [index], "divides": [index]};
    counts are {"n", "agree", "disagree", "pass"}. Statements are positions in the list that was given.
    """
    spoken = [list(row) for row in votes if row]
    grouped, points, silhouette = _grouped(statements, spoken)
    members: list[list[int]] = [[at for at, code in grouped if code == group] for group in _codes(grouped)]
    told = [_of_statement(index, spoken, members) for index in range(statements)]
    return {
        "participants": len(spoken),
        "grouped": sum(len(rows) for rows in members),
        "silhouette": round(silhouette, 2),
        "groups": [
            {"code": chr(ord("A") + number), "n": len(rows), **_ellipse(rows, points), "typical": typical}
            for number, (rows, typical) in enumerate(zip(members, _typical(told, len(members)), strict=True))
        ],
        "statements": told,
        "unites": _uniting(told),
        "divides": _dividing(told),
    }


def _codes(grouped: Sequence[tuple[int, int]]) -> list[int]:
    return sorted({code for _, code in grouped})


# --- groups -----------------------------------------------------------------------------------------------


def _grouped(statements: int, spoken: Votes) -> tuple[list[tuple[int, int]], Any, float]:
    """(participant, group), the points of the participants, and how clearly they fall apart.

    Groups are numbered from the largest; equal ones from left to right. One group when nothing falls apart.
    """
    least = min(LEAST_VOTES, statements)
    heard = [at for at, row in enumerate(spoken) if len(row) >= least]
    if len(heard) < max(NEEDED, 2 * SMALLEST) or statements < 2:
        return [], {}, 0.0
    points = _points(statements, [spoken[at] for at in heard])
    labels, silhouette = _clusters(points)
    labels = _without_small(points, labels)
    order = _from_the_largest(points, labels)
    placed = {at: points[row] for row, at in enumerate(heard)}
    return [(at, order[int(labels[row])]) for row, at in enumerate(heard)], placed, silhouette


def _points(statements: int, rows: Votes) -> Any:
    """Two dimensions by PCA: what somebody did not speak of counts as the average of those who did.

    Whoever spoke of little would stand in the middle for that alone, so a point is drawn out by the root of how
    sparse its row is, as Polis does. The sign of an axis means nothing: it is fixed, so that pictures stay equal.
    """
    import numpy as np
    from sklearn.decomposition import PCA

    matrix = np.full((len(rows), statements), np.nan)
    for at, row in enumerate(rows):
        for index, value in row:
            matrix[at, index] = value
    known = ~np.isnan(matrix)
    sums, counts = np.where(known, matrix, 0.0).sum(axis=0), known.sum(axis=0)
    means = np.divide(sums, counts, out=np.zeros(statements), where=counts > 0)
    filled = np.where(known, matrix, means)
    wanted = min(2, statements, len(rows))
    if not np.ptp(filled, axis=0).any():
        return np.zeros((len(rows), wanted))  # everybody says the same: nothing to look for
    found = PCA(n_components=wanted, svd_solver="full").fit(filled)
    projected = found.transform(filled) * np.sqrt(statements / known.sum(axis=1))[:, None]
    for axis in range(wanted):
        strongest = int(np.argmax(np.abs(found.components_[axis])))
        if found.components_[axis][strongest] < 0:
            projected[:, axis] *= -1
    return np.round(projected, 9) + 0.0


def _clusters(points: Any) -> tuple[Any, float]:
    """k-means for two to five groups; the k with the best silhouette, or one group when none is clear."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    different = len(np.unique(points, axis=0))
    best, chosen = 0.0, np.zeros(len(points), dtype=int)
    for k in range(2, min(MOST_GROUPS, len(points) // SMALLEST, different) + 1):
        labels = KMeans(n_clusters=k, n_init=10, random_state=0).fit(points).labels_
        if not 2 <= len(set(labels.tolist())) < len(points):
            continue
        score = float(silhouette_score(points, labels))
        if score > best + 1e-9:
            best, chosen = score, labels
    return (chosen, best) if best >= CLEAR else (np.zeros(len(points), dtype=int), best)


def _without_small(points: Any, labels: Any) -> Any:
    """Groups of fewer than SMALLEST people, or one in ONE_IN, are joined to the one that lies nearest."""
    import numpy as np

    least = max(SMALLEST, -(-len(labels) // ONE_IN))
    labels = labels.copy()
    while True:
        sizes = {int(code): int((labels == code).sum()) for code in np.unique(labels)}
        small = [code for code, size in sizes.items() if size < least]
        if not small or len(sizes) == 1:
            return labels
        gone = min(small, key=lambda code: (sizes[code], code))
        centre = points[labels == gone].mean(axis=0)
        rest = sorted(code for code in sizes if code != gone)
        near = min(rest, key=lambda code: float(((points[labels == code].mean(axis=0) - centre) ** 2).sum()))
        labels[labels == gone] = near


def _from_the_largest(points: Any, labels: Any) -> dict[int, int]:
    codes = {int(code) for code in labels}
    ordered = sorted(
        codes, key=lambda c: (-int((labels == c).sum()), *points[labels == c].mean(axis=0).tolist())
    )
    return {code: number for number, code in enumerate(ordered)}


def _ellipse(rows: Sequence[int], points: Any) -> dict[str, Any]:
    """The middle of a group and how far it spreads: made from all of them, and nobody's own point."""
    import numpy as np

    held = np.array([points[at] for at in rows])
    if held.shape[1] == 1:
        held = np.hstack([held, np.zeros((len(held), 1))])
    middle = held.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(held.T))
    turned = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))) % 180
    width, height = (2 * float(np.sqrt(max(one, 0.0))) for one in (values[1], values[0]))
    return {
        "centre": {"x": round(float(middle[0]), 1) + 0.0, "y": round(float(middle[1]), 1) + 0.0},
        "spread": {
            "rx": round(width, 1),
            "ry": round(height, 1),
            "angle": round(turned) % 180 if width > height else 0,
        },
    }


# --- statements -------------------------------------------------------------------------------------------


def _of_statement(index: int, spoken: Votes, members: Sequence[Sequence[int]]) -> dict[str, Any]:
    said = {at: value for at, row in enumerate(spoken) for one, value in row if one == index}
    return {
        "index": index,
        "all": _counts(list(said.values())),
        "groups": [_counts([said[at] for at in rows if at in said]) for rows in members],
    }


def _counts(values: Sequence[int]) -> dict[str, int] | None:
    """How many agree, disagree and pass; None for so few that somebody could be picked out."""
    if len(values) < SMALLEST:
        return None
    return {
        "n": len(values),
        "agree": values.count(AGREE),
        "disagree": values.count(DISAGREE),
        "pass": values.count(PASS),
    }


def _chance(counts: dict[str, int], word: str = "agree") -> float:
    """The chance to agree (or disagree), estimated with one vote on either side added (Polis: A+1 over N+2)."""
    return (counts[word] + 1) / (counts["n"] + 2)


def _uniting(told: Sequence[dict[str, Any]]) -> list[int]:
    """Statements that every group agrees with, the most common ground first: the product of the groups' chances."""
    found = []
    for one in told:
        groups = one["groups"] or [one["all"]]
        if any(counts is None for counts in groups):
            continue
        chances = [_chance(counts) for counts in groups]
        if min(chances) >= UNITES:
            product = 1.0
            for chance in chances:
                product *= chance
            found.append((-round(product, 9), one["index"]))
    return [index for _, index in sorted(found)][:MOST_SHOWN]


def _dividing(told: Sequence[dict[str, Any]]) -> list[int]:
    """Statements on which groups lie farthest apart."""
    found = []
    for one in told:
        chances = [_chance(counts) for counts in one["groups"] if counts is not None]
        if len(chances) > 1 and max(chances) - min(chances) >= DIVIDES:
            found.append((-round(max(chances) - min(chances), 9), one["index"]))
    return [index for _, index in sorted(found)][:MOST_SHOWN]


def _typical(told: Sequence[dict[str, Any]], groups: int) -> list[list[dict[str, Any]]]:
    """For each group, what it says and the others do not: how much likelier it is to agree, or to disagree."""
    found: list[list[dict[str, Any]]] = []
    for number in range(groups):
        ranked = []
        for one in told:
            own, others = (
                one["groups"][number],
                [c for at, c in enumerate(one["groups"]) if at != number and c],
            )
            if own is None or not others:
                continue
            rest = {word: sum(counts[word] for counts in others) for word in ("n", "agree", "disagree")}
            for word in ("agree", "disagree"):
                if _chance(own, word) >= UNITES:
                    ratio = _chance(own, word) / _chance(rest, word)
                    ranked.append((-round(ratio * _chance(own, word), 9), one["index"], word))
        found.append([{"index": index, "says": word} for _, index, word in sorted(ranked)[:3]])
    return found


if __name__ == "__main__":
    main()
