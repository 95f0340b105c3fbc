"""Cases as tables to take out: which columns each has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.exports import Column
from communities.models import Community
from communities.thai_calendar import short_date

from .house_list_print import lane_in_words
from .models import Case


def columns_of_cases(communities: Mapping[int, Community]) -> list[Column]:
    """Cases as their list shows them: the `case`, its `days` there, whether it `waits` and is `late`."""
    return [
        *_case_and_house(lambda line: line["case"]),
        (_("What is the matter"), lambda line: line["case"].get_kind_display()),
        (_("event of many houses"), lambda line: line["case"].occurrence.name if line["case"].occurrence else ""),
        (_("Community"), lambda line: _community(communities, line["case"])),
        (_("Where it stands"), lambda line: line["case"].get_state_display()),
        (_("Working days there"), lambda line: line["days"] if line["waits"] else None),
        (_("Late"), lambda line: _("late") if line["late"] else ""),
        (_("Reported by"), lambda line: line["case"].get_source_display()),
        (_("Received"), lambda line: short_date(timezone.localdate(line["case"].opened_at))),
    ]


def columns_of_late_cases(communities: Mapping[int, Community]) -> list[Column]:
    """Cases that have stood too long (`case_clock.LateCase`)."""
    return [
        *_case_and_house(lambda one: one.case),
        (_("Community"), lambda one: _community(communities, one.case)),
        (_("Where it stands"), lambda one: one.case.get_state_display()),
        (_("Working days there"), lambda one: one.age.here),
        (_("Allowed"), lambda one: one.age.limit),
        (_("Since received"), lambda one: one.age.days),
        (_("Moved last by"), lambda one: str(one.last_by)),
        (_("Waits for"), lambda one: ", ".join(str(who.label) for who in one.hands)),
    ]


def _case_and_house(case_of: Callable[[Any], Case]) -> list[Column]:
    return [
        (_("Case"), lambda line: str(case_of(line))),
        (_("House number"), lambda line: _number(case_of(line))),
        (_("Lane"), lambda line: _lane(case_of(line))),
    ]


def _number(case: Case) -> str:
    return case.house.house_no if case.house else case.house_no


def _lane(case: Case) -> str:
    return lane_in_words(case.house) if case.house else case.lane


def _community(communities: Mapping[int, Community], case: Case) -> str:
    found = communities.get(case.community_id) if case.community_id else None
    return (found.name_th or "") if found else ""
