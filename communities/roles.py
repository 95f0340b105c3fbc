"""Who may do what: one table, and the one question asked of it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Community, District, Person


class Action(enum.Enum):
    """The things a role allows. Each is asked for at a place: a district or a community."""

    SEE_FIGURES = "see_figures"
    SEE_LISTS = "see_lists"
    SEE_HOUSES = "see_houses"
    SEE_OWN_ADDRESSES = "see_own_addresses"
    REVIEW_OWN_HOUSES = "review_own_houses"
    NAME_DELEGATE = "name_delegate"
    OPEN_ROUND = "open_round"
    ANSWER_REVIEW = "answer_review"
    SEE_CASES = "see_cases"
    OPEN_CASE = "open_case"
    WORK_CASE = "work_case"
    VISIT = "visit"
    APPROVE_STRIKE_OFF = "approve_strike_off"
    KEEP_WORDING = "keep_wording"
    RECEIVE_LIST = "receive_list"
    TAG = "tag"
    ASSIGN_WORK = "assign_work"
    SEE_EVERYONES_WORK = "see_everyones_work"
    KEY_IN = "key_in"
    LOAD_REGISTER = "load_register"
    CHECK_REPORT = "check_report"
    ISSUE_REPORT = "issue_report"
    WRITE_DAILY_PLAN = "write_daily_plan"
    APPROVE_DAILY_PLAN = "approve_daily_plan"
    SET_TARGETS = "set_targets"
    SEE_LEDGER = "see_ledger"
    KEEP_LEDGER = "keep_ledger"
    ASK_FOR_CODES = "ask_for_codes"
    CHANGE_COMMUNITIES = "change_communities"
    ISSUE_ROLL = "issue_roll"
    RESET_PASSWORD = "reset_password"
    KEEP_REFERENCE_DATA = "keep_reference_data"


ALLOWED: dict[str, frozenset[Action]] = {
    "officer": frozenset(
        {
            Action.SEE_FIGURES,
            Action.SEE_LISTS,
            Action.SEE_HOUSES,
            Action.RECEIVE_LIST,
            Action.TAG,
            Action.KEY_IN,
            Action.LOAD_REGISTER,
            Action.ANSWER_REVIEW,
            Action.SEE_CASES,
            Action.OPEN_CASE,
            Action.WORK_CASE,
            Action.VISIT,
            Action.CHECK_REPORT,
            Action.WRITE_DAILY_PLAN,
            Action.SEE_LEDGER,
            Action.KEEP_LEDGER,
            Action.ASK_FOR_CODES,
        }
    ),
    "head": frozenset(
        {
            Action.SEE_FIGURES,
            Action.SEE_LISTS,
            Action.SEE_HOUSES,
            Action.RECEIVE_LIST,
            Action.TAG,
            Action.ASSIGN_WORK,
            Action.SEE_EVERYONES_WORK,
            Action.KEY_IN,
            Action.LOAD_REGISTER,
            Action.ISSUE_REPORT,
            Action.RESET_PASSWORD,
            Action.OPEN_ROUND,
            Action.ANSWER_REVIEW,
            Action.SEE_CASES,
            Action.OPEN_CASE,
            Action.WORK_CASE,
            Action.VISIT,
            Action.APPROVE_STRIKE_OFF,
            Action.KEEP_WORDING,
            Action.CHECK_REPORT,
            Action.WRITE_DAILY_PLAN,
            Action.APPROVE_DAILY_PLAN,
            Action.SET_TARGETS,
            Action.SEE_LEDGER,
            Action.KEEP_LEDGER,
            Action.ASK_FOR_CODES,
            Action.CHANGE_COMMUNITIES,
            Action.ISSUE_ROLL,
        }
    ),
    "community_development": frozenset(
        {
            Action.SEE_FIGURES,
            Action.SEE_LISTS,
            Action.RECEIVE_LIST,
            Action.SEE_CASES,
            Action.OPEN_CASE,
            Action.VISIT,
            Action.SEE_LEDGER,
            Action.KEEP_LEDGER,
        }
    ),
    "president": frozenset({Action.SEE_OWN_ADDRESSES, Action.REVIEW_OWN_HOUSES, Action.NAME_DELEGATE}),
    "delegate": frozenset({Action.SEE_OWN_ADDRESSES, Action.REVIEW_OWN_HOUSES}),
    "director": frozenset(
        {
            Action.SEE_FIGURES,
            Action.SEE_LISTS,
            Action.SEE_HOUSES,
            Action.SEE_EVERYONES_WORK,
            Action.SEE_CASES,
            Action.APPROVE_STRIKE_OFF,
            Action.SEE_LEDGER,
        }
    ),
    "city_viewer": frozenset({Action.SEE_FIGURES}),
    "administrator": frozenset({Action.RESET_PASSWORD, Action.KEEP_REFERENCE_DATA}),
}


def may(person: Person, action: Action, place: District | Community) -> bool:
    """Whether the person's appointments of today allow the action at the district or community."""
    from .scope import reach_of

    return reach_of(person).covers(action, place)
