"""A month's communities, the houses behind a figure and the indicators as tables to take out: the columns of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from communities.exports import Column
from communities.models import Community
from communities.thai_calendar import short_date
from households.house_codes import show_house_code

from .figures import CommunityFigures


def columns_of_month(*, moved: bool) -> list[Column]:
    """The communities of a month (`figures.MonthLine`); what moved in and out only where anything did."""
    moves: list[Column] = [
        (_("Moved in"), lambda line: line.moved_in),
        (_("Moved out"), lambda line: line.moved_out),
    ]
    return [
        (_("Code"), lambda line: line.at_end.code),
        (_("Community"), lambda line: line.at_end.name),
        (_("Sub-district"), lambda line: line.at_end.subdistrict),
        (_("Expected"), lambda line: line.at_end.expected),
        (_("On its list"), lambda line: line.at_end.listed or None),
        (_("This month"), lambda line: line.this_month),
        *(moves if moved else []),
        (_("In all"), lambda line: line.at_end.tagged),
        ("%", lambda line: _per_cent(line.at_end)),
        (_("Remaining"), lambda line: line.at_end.remaining),
        (_("By the machine"), lambda line: line.at_end.tagged_by_machine),
        (_("By officers"), lambda line: line.at_end.tagged_by_officers),
        (_("List"), lambda line: _state_of_list(line.at_end)),
    ]


def _per_cent(at_end: CommunityFigures) -> int | None:
    return 100 * at_end.tagged // at_end.expected if at_end.expected else None


def _state_of_list(at_end: CommunityFigures) -> str:
    if at_end.is_complete:
        return _("complete")
    return _("in progress") if at_end.listed else _("not yet received")


def columns_of_houses() -> list[Column]:
    """The houses that a figure counts (`figures.HouseLine`)."""
    return [
        (_("House number"), lambda line: line.house_no),
        (_("Trok"), lambda line: line.trok),
        (_("Soi"), lambda line: line.soi),
        (_("Road"), lambda line: line.road),
        (_("Sub-district"), lambda line: line.subdistrict),
        (_("House code"), lambda line: show_house_code(line.house_code)),
        (_("Since"), lambda line: short_date(line.tagged_on)),
        (_("By"), lambda line: _("the machine") if line.by_machine else _("an officer")),
        (_("Register"), lambda line: _("struck off") if line.is_struck else ""),
    ]


def columns_of_indicators() -> list[Column]:
    """The indicators, each line with its `kpi`, `reading`, `target` and whether it is `reached`."""
    words = {True: lambda: _("reached"), False: lambda: _("not yet reached"), None: lambda: ""}
    return [
        (_("Indicator"), lambda line: str(line["kpi"].name)),
        (_("Reading"), lambda line: line["reading"].value),
        (_("Unit"), lambda line: str(line["kpi"].unit.label)),
        (_("Target"), lambda line: line["target"]),
        (_("Reached"), lambda line: words[line["reached"]]()),
    ]


def columns_by_community() -> list[Column]:
    """An indicator's readings: each line is a community, its reading, and where its rows stand."""
    return [
        (_("Code"), lambda line: line[0].label_code),
        (_("Community"), lambda line: line[0].name_th),
        (_("Reading"), lambda line: line[1].value),
        (_("Rows behind it"), lambda line: line[1].rows),
    ]


def columns_of_facts(communities: Mapping[int, Community]) -> list[Column]:
    """The facts behind an indicator (`indicator_list.Fact`)."""
    return [
        (_("What"), lambda fact: fact.name),
        (_("Code"), _of_place(communities, "label_code")),
        (_("Community"), _of_place(communities, "name_th")),
        (_("Date"), lambda fact: short_date(fact.day)),
        (_("Counts"), lambda fact: "" if fact.counts else _("too late")),
    ]


def _of_place(communities: Mapping[int, Community], part: str) -> Callable[[Any], str]:
    return lambda fact: getattr(communities.get(fact.community or 0), part, None) or ""
