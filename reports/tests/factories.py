"""Factories of lists settled by decisions, and of issued reports."""

import datetime

from communities.tests.factories import appoint, command_line
from households.models import HouseList, HouseNumberRecord, LifeEvent, RowDecision
from households.row_reasons import Outcome, Reason
from reports.checking import check_report, fingerprint_of
from reports.indicators import count_month
from reports.issuing import issue


def receive_list(community, *, on, rows=1):
    """A list of `rows` undecided rows, received on the day."""
    house_list = HouseList.objects.create(
        district=community.district,
        community=community,
        file_name="บัญชี.xlsx",
        fingerprint=f"{HouseList.objects.count():064}",
        header_row=1,
        columns={},
        received_on=on,
        received_by=command_line(),
    )
    return [
        HouseNumberRecord.objects.create(house_list=house_list, row=row, cells={}, reason=Reason.NOT_FOUND)
        for row in range(2, rows + 2)
    ]


def decide(record, outcome, *, on, house=None):
    """A decision on the row, recorded directly as `on`."""
    reason = Reason.UNDONE if outcome == Outcome.OPEN else Reason.NO_SUCH_HOUSE
    return RowDecision.objects.create(
        record=record,
        outcome=outcome,
        reason=reason,
        house=house,
        happened_on=on,
        counted_on=on,
        recorded_by=command_line(),
    )


def life_event(house, kind, *, on):
    """Something that happened to the house, recorded directly as `on`."""
    return LifeEvent.objects.create(
        house=house,
        kind=kind,
        ground=LifeEvent.Ground.CENTRAL_REGISTER,
        happened_on=on,
        counted_on=on,
        recorded_by=command_line(),
    )


def check_figures(district, month, *, by=None):
    """The draft of the month as it stands, checked by an officer."""
    seen = fingerprint_of(count_month(district, month).month)
    return check_report(district=district, month=month, seen=seen, by=by or appoint("officer", district))


def issue_report(district, month, *, round_no=1, letter_no="กท ๕๕๐๒/๐๘", by=None, **more):
    """The report of the month, checked and issued by letter of the fifth day after it."""
    check_figures(district, month)
    letter_date = (month + datetime.timedelta(days=31)).replace(day=5)
    return issue(
        district=district,
        month=month,
        round_no=round_no,
        letter_no=letter_no,
        letter_date=letter_date,
        by=by or appoint("head", district),
        **more,
    )
