"""Grades, outcomes and reasons of list rows: the stable words of the outcomes file (docs/reasons.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    """How sure it is which house a row means."""

    EXACT = "exact", _("exact")
    LIKELY = "likely", _("likely")
    SEVERAL = "several", _("several")
    NONE = "none", _("none")


class Outcome(models.TextChoices):
    """What happened to a row; open and claimed rows wait for a person."""

    OPEN = "open", _("waiting for a decision")
    CLAIMED = "claimed", _("claimed by two communities")
    TAGGED = "tagged", _("tagged")
    UNCHANGED = "unchanged", _("tagged before")
    CLOSED = "closed", _("closed with a reason")


class Hint(models.TextChoices):
    """What a note in a row says of its house: something for verification to look at."""

    DEMOLISHED = "demolished", _("a note says that the house is demolished")
    EMPTY_PLOT = "empty_plot", _("a note says that there is no house")
    MOVED = "moved", _("a note says that the house belongs elsewhere")


UNDECIDED = (Outcome.OPEN, Outcome.CLAIMED)


class Reason(models.TextChoices):
    """Why a row has its grade or outcome."""

    # exact
    ALL_PARTS = "all_parts", _("number, soi and sub-district agree")
    ON_ROAD = "on_road", _("number, road and sub-district agree; no soi of the road has the number")
    BY_ALIAS = "by_alias", _("number and sub-district agree, the lane by another name that was confirmed")
    REPEATED = "repeated", _("the list has this house in an earlier row")
    # likely
    SOI_MISSING = "soi_missing", _("the row states no soi; one house fits")
    ROAD_MISSING = "road_missing", _("the row states number and sub-district only; one house fits")
    TROK_MISSING = "trok_missing", _("the house stands in a trok that the row does not state")
    SUBDISTRICT_MISSING = "subdistrict_missing", _("the row states no sub-district; one house fits")
    SUBDISTRICT_DIFFERS = "subdistrict_differs", _("the house stands in another sub-district")
    SOI_DIFFERS = "soi_differs", _("the number is in another soi of the same road")
    ROAD_DIFFERS = "road_differs", _("the register has another road")
    MOO_DIFFERS = "moo_differs", _("the village number differs")
    TROK_DIFFERS = "trok_differs", _("the trok differs")
    EXCEL_DATE = "excel_date", _("the spreadsheet turned the number into a date")
    DITTO = "ditto", _("the row points to the row above")
    RANGE = "range", _("the number is a range")
    NOTE_SPEAKS_AGAINST = "note_speaks_against", _("a note in the row speaks against the house")
    PART_NOT_COMPARED = "part_not_compared", _("the row states a part of the address that the register does not have")
    RUNNING_NUMBER = "running_number", _("the numbers run 1, 2, 3: they may count the rows")
    NEIGHBOURS = "neighbours", _("several houses fit; the rows around stand in the lane of this one")
    LANE_MISSPELT = "lane_misspelt", _("the lane is written almost like this one")
    ALIKE_LANE = "alike_lane", _("another soi of the list, written almost the same, has the number too")
    OLD_SUBDISTRICT = "old_subdistrict", _("the sub-district is named as before it was divided")
    SEVERAL_NUMBERS = "several_numbers", _("the cell names several houses in a short form")
    COLUMNS_GUESSED = "columns_guessed", _("the sheet does not name its columns; they were guessed")
    NUMBER_REPAIRED = "number_repaired", _("the number had to be repaired in reading")
    IN_NO_COMMUNITY = "in_no_community", _("an officer said that the house is in no community")
    # several
    SEVERAL_HOUSES = "several_houses", _("several houses fit")
    # none
    NOT_FOUND = "not_found", _("no registration has this number here")
    STRUCK_OFF = "struck_off", _("the house is struck off")
    VANISHED = "vanished", _("the house is gone from the register's extract")
    UNREADABLE_NUMBER = "unreadable_number", _("the house number cannot be read")
    NO_NUMBER = "no_number", _("the row has no house number")
    # outcomes
    TAGGED_ELSEWHERE = "tagged_elsewhere", _("another community has this house")
    TAGGED_BEFORE = "tagged_before", _("the house has this community's code already")
    # decisions of people
    CONFIRMED = "confirmed", _("confirmed by an officer")
    CHOSEN = "chosen", _("chosen by an officer")
    NO_SUCH_HOUSE = "no_such_house", _("closed: no such house in the register")
    OTHER_COMMUNITY = "other_community", _("closed: belongs to another community")
    MISTYPED = "mistyped", _("closed: mistyped, stands in another row")
    STRUCK_CONFIRMED = "struck_confirmed", _("closed: the house is struck off")
    REPLACED = "replaced", _("closed: a corrected list took this one's place")
    UNDONE = "undone", _("the batch was undone")
