"""docs/states/: a diagram and a table of every kind, drawn from its states.py and nothing else."""

from __future__ import annotations

from backend.workflow.kinds import all_kinds
from backend.workflow.table import Edge, State, Table


def all_diagrams() -> dict[str, str]:
    """Kind → the page about its states."""
    return {kind.table.kind: page(kind.table) for kind in all_kinds()}


def page(table: Table) -> str:
    """One page: the diagram, the states, the edges."""
    return "\n".join(
        [
            f"# {table.label} ({table.kind})",
            "",
            "Drawn by `flask docs write` from the table of states; do not edit.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *(f"    {s.code}: {s.label}" for s in table.states),
            *_arrows(table),
            "```",
            "",
            "| state | on screen | open | what the citizen reads next |",
            "|---|---|---|---|",
            *(f"| {s.code} | {s.label} | {_openness(s)} | {s.next_step} |" for s in table.states),
            "",
            "| action | on screen | from | to | demands | clocks | seen by | rule |",
            "|---|---|---|---|---|---|---|---|",
            *(_row(e) for e in table.edges),
            "",
        ]
    )


def _openness(state: State) -> str:
    if state.stands_still:
        return "yes, the clock stands still"
    return "yes" if state.is_open else "no"


def _arrows(table: Table) -> list[str]:
    return [
        f"    {source or '[*]'} --> {edge.target or source}: {edge.label}"
        for edge in table.edges
        for source in edge.sources
        if edge.target is not None
    ]


def _row(edge: Edge) -> str:
    demands = "、".join(f.label for f in edge.fields if f.required) or "–"
    clocks = ", ".join(f"{c.operation} {c.clock}" for c in edge.clocks) or "–"
    sources = ", ".join(s or "(new)" for s in edge.sources)
    seen = {"all": "everyone concerned", "parties": "resident and staff", "staff": "staff"}[edge.visibility]
    return (
        f"| {edge.action} | {edge.label} | {sources} | {edge.target or '(stays)'} | {demands} | {clocks} | {seen} "
        f"| {edge.rule or '–'} |"
    )
