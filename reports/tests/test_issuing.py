"""An issued report never changes, and nothing is issued that is not ready."""

import datetime
import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from communities.models import ClosedMonth, District
from communities.tests.factories import CommunityFactory, appoint, command_line
from households.models import TagEvent
from households.row_reasons import Outcome
from households.tagging import tag
from households.tests.factories import HouseFactory, tag_event
from reports.issuing import figures_of, issue, months_passed_over, next_round, reason_not_to_issue, workbook_of
from reports.models import Figure, KpiReport
from reports.tests.counting import month_figures
from reports.tests.days import DEC, FEB, JAN, MAR, day
from reports.tests.factories import check_figures, decide, issue_report, receive_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(code="10150001", name="ชุมชนหนึ่ง", expected=3)


@pytest.fixture
def district(community):
    return community.district


@pytest.fixture
def tagged(community):
    house = HouseFactory()
    tag_event(house, community, on=day(JAN, 20))
    return house


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        call(*args, **kwargs)
    assert refused.value.messages[0]
    return refused.value.code


# --- what issuing leaves behind ---


def test_a_report_freezes_the_figures_and_closes_its_month_and_no_other(district, tagged):
    report = issue_report(district, JAN, round_no=3, letter_no=" กท ๕๕๐๒/๐๗๖ ")
    assert (report.round_no, report.letter_no, report.letter_date) == (3, "กท ๕๕๐๒/๐๗๖", datetime.date(2015, 2, 5))
    assert figures_of(report) == month_figures(district, JAN)
    assert list(ClosedMonth.objects.values_list("district__code", "month")) == [("1015", JAN)]


def test_the_fingerprint_is_the_workbooks(district, tagged):
    report = issue_report(district, JAN)
    report.refresh_from_db()
    assert hashlib.sha256(report.workbook).hexdigest() == report.workbook_sha256
    assert workbook_of(district, day(JAN, 15)) == bytes(report.workbook)


def test_an_issued_workbook_stays_byte_for_byte(district, community, tagged):
    report = issue_report(district, JAN)
    tag([HouseFactory().pk], community=community, by=command_line(), expected=1, happened_on=day(JAN, 25))
    community.names.update(name_th="ชุมชนชื่อใหม่")
    assert hashlib.sha256(workbook_of(district, JAN)).hexdigest() == report.workbook_sha256
    assert [line.at_end.name for line in figures_of(report).lines] == ["ชุมชนหนึ่ง"]


def test_what_is_found_late_counts_in_the_next_month(district, community, tagged):
    issue_report(district, JAN)
    tag([HouseFactory().pk], community=community, by=command_line(), expected=1, happened_on=day(JAN, 25))
    assert month_figures(district, JAN).at_end.houses_tagged == 1
    february = month_figures(district, FEB)
    assert (february.before, february.this_month) == (1, 1)


def test_no_fact_is_slipped_into_an_issued_month(district, community, tagged):
    issue_report(district, JAN)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        tag_event(HouseFactory(), community, on=day(JAN, 25))


def test_a_quiet_month_before_an_issued_one_takes_no_more_facts(district, community, tagged):
    issue_report(district, JAN)
    tag([HouseFactory().pk], community=community, by=command_line(), expected=1, happened_on=day(DEC, 25))
    assert month_figures(district, JAN).at_end.houses_tagged == 1
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        tag_event(HouseFactory(), community, on=day(DEC, 25))


def test_a_month_without_houses_can_be_reported(district):
    report = issue_report(district, DEC)
    assert figures_of(report).at_end.houses_tagged == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_kpireport SET letter_no = 'x'",
        "DELETE FROM reports_kpireport",
        "UPDATE reports_figure SET tagged = 0",
        "DELETE FROM reports_figure",
    ],
)
def test_the_database_refuses_any_change(district, tagged, statement):
    issue_report(district, JAN)
    with pytest.raises(IntegrityError, match="facts"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_figure_joins_an_issued_report(district, community, tagged):
    report = issue_report(district, JAN)
    late = CommunityFactory(code="10150002")
    counts = dict.fromkeys(["listed", "this_month", "moved_in", "moved_out", "tagged", "live", "tagged_by_machine"], 0)
    with pytest.raises(IntegrityError, match="issued"), transaction.atomic():
        Figure.objects.create(report=report, community=late, name="x", subdistrict="x", is_complete=False, **counts)


# --- refusals ---


def test_a_month_is_issued_once(district, tagged):
    issue_report(district, JAN)
    assert refusal(issue_report, district, JAN, round_no=2) == "issued_already"


def test_a_round_is_used_once(district, tagged):
    issue_report(district, JAN)
    assert refusal(issue_report, district, FEB) == "round_taken"
    assert next_round(district) == 2


def test_rounds_begin_at_one(district, tagged):
    assert refusal(issue_report, district, JAN, round_no=0) == "round_not_positive"


def test_a_month_before_an_issued_one_is_too_late(district, tagged):
    issue_report(district, JAN)
    assert refusal(issue_report, district, DEC, round_no=2) == "later_month_issued"


def test_a_month_that_is_passed_over_is_closed_with_the_later_one(district, community, tagged):
    tag_event(HouseFactory(), community, on=day(FEB, 20))
    (row,) = receive_list(community, on=day(DEC, 16))
    decide(row, Outcome.CLOSED, on=day(DEC, 20))
    assert months_passed_over(district, MAR) == [DEC, JAN, FEB]
    issue_report(district, FEB)
    assert refusal(issue_report, district, JAN, round_no=2) == "later_month_issued"
    tag([HouseFactory().pk], community=community, by=command_line(), expected=1, happened_on=day(JAN, 25))
    assert months_passed_over(district, MAR) == []
    assert month_figures(district, JAN).at_end.houses_tagged == 1


def test_a_quiet_month_between_need_not_be_issued(district, community, tagged):
    issue_report(district, JAN)
    issue_report(district, MAR, round_no=2)


def test_a_month_must_be_over(district, time_machine):
    time_machine.move_to(datetime.datetime(2015, 1, 31, 12, tzinfo=datetime.UTC))
    by = appoint("head", district)
    assert refusal(issue_report, district, JAN, by=by) == "month_not_over"
    assert reason_not_to_issue(district, JAN, by).code == "month_not_over"


@pytest.mark.parametrize(
    ("letter_no", "letter_date", "code"),
    [
        ("  ", day(FEB, 6), "letter_missing"),
        ("กท ๕๕๐๒/๗๖", day(JAN, 31), "letter_too_early"),
        ("กท ๕๕๐๒/๗๖", datetime.date(2999, 1, 1), "future_date"),
    ],
)
def test_the_letter_must_fit(district, tagged, letter_no, letter_date, code):
    by = appoint("head", district)
    letter = {"letter_no": letter_no, "letter_date": letter_date}
    assert refusal(issue, district=district, month=JAN, round_no=1, by=by, **letter) == code


@pytest.mark.parametrize("role", ["officer", "director", "community_development", "administrator"])
def test_only_the_head_issues(district, tagged, role):
    assert refusal(issue_report, district, JAN, by=appoint(role, district)) == "not_allowed"


def test_the_head_of_another_district_does_not_issue(district, tagged):
    stranger = appoint("head", District.objects.get(code="1016"))
    assert refusal(issue_report, district, JAN, by=stranger) == "not_allowed"


def test_figures_whose_rows_disagree_are_not_issued(district, tagged, monkeypatch):
    monkeypatch.setattr("reports.report_contents.houses_behind", lambda *_args, **_kwargs: {})
    assert refusal(issue_report, district, JAN) == "figures_disagree"
    assert not ClosedMonth.objects.exists()


# --- at the same time ---


@pytest.fixture
def committed(transactional_db):
    """A district with a tag, in committed rows that other connections see."""
    community = CommunityFactory(code="10150001", expected=3)
    tag_event(HouseFactory(), community, on=day(JAN, 20))
    return community


def at_once(*calls):
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(120)
            return call()
        except (ValidationError, IntegrityError) as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_two_heads_at_once_issue_once(committed):
    heads = [appoint("head", committed.district) for _number in range(2)]
    results = at_once(
        *(
            lambda by=by, round_no=n: issue_report(committed.district, JAN, round_no=round_no, by=by)
            for n, by in enumerate(heads, 1)
        )
    )
    refused = [result.code for result in results if isinstance(result, ValidationError)]
    assert refused == ["issued_already"]
    assert KpiReport.objects.count() == ClosedMonth.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tagging_while_issuing_is_counted_either_before_or_after(committed):
    head, house = appoint("head", committed.district), HouseFactory()
    check_figures(committed.district, JAN)
    letter = {"round_no": 1, "letter_no": "กท ๕๕๐๒/๐๘", "letter_date": day(FEB, 5)}
    report, _tagged = at_once(
        lambda: issue(district=committed.district, month=JAN, by=head, **letter),
        lambda: tag([house.pk], community=committed, by=head, expected=1, happened_on=day(JAN, 25)),
    )
    if isinstance(report, ValidationError):
        # The tag came first: the figures are no longer those that were checked, and nothing is issued.
        assert report.code == "not_checked"
        assert (KpiReport.objects.count(), month_figures(committed.district, JAN).at_end.houses_tagged) == (0, 2)
        return
    frozen = report.figures.get().tagged
    counted = TagEvent.objects.filter(counted_on__lt=FEB).count()
    assert frozen == counted == month_figures(committed.district, JAN).at_end.houses_tagged
