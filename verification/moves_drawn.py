"""The table of moves as a page of the docs: a diagram and the lines it was drawn from, so that neither can grow old."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from .workflow import ENDED, EVERY_KIND, EVIDENCE_NAMES, LATE_AFTER, STEPS, Kind, State, Step, Who

_HEAD = """# The moves of a case

Drawn from the table in `verification/workflow.py` by `manage.py draw_case_moves`; a test holds this page to it. The
same table is printed for the head of the section under *Cases · The table of moves*, and is a rule of the database
(`move_is_in_the_table`).
"""


def page() -> str:
    """The whole page in Markdown, in English: the diagram (Mermaid), the moves, the days after which a case is late."""
    with translation.override("en"):
        return "\n".join([_HEAD, *_diagram(), "", *_moves(), "", *_days(), ""])


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f'    state "{state.label}" as {state.value}' for state in State)
    yield f"    [*] --> {State.RECEIVED.value}"
    for step in STEPS:
        for before in step.before:
            yield f"    {before.value} --> {step.after.value}: {step.move.label}"
    yield from (f"    {state.value} --> [*]" for state in State if state in ENDED)
    yield "```"


def _moves() -> Iterator[str]:
    yield "| move | from | to | in whose hands | what must be there | only for |"
    yield "|---|---|---|---|---|---|"
    yield from map(_line, STEPS)


def _line(step: Step) -> str:
    cells = [
        step.move.label,
        ", ".join(str(State(before).label) for before in step.before),
        step.after.label,
        ", ".join(str(who.label) for who in Who if who in step.by),
        "; ".join(str(EVIDENCE_NAMES[one]) for one in sorted(step.needs)),
        "" if step.kinds == EVERY_KIND else ", ".join(str(kind.label) for kind in Kind if kind in step.kinds),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _days() -> Iterator[str]:
    yield "| where it stands | late after working days |"
    yield "|---|---|"
    yield from (f"| {state.label} | {days} |" for state, days in LATE_AFTER.items())
