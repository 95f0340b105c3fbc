"""Draft, checked, issued: the head issues only figures that somebody went over; a round may correct another."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from communities.models import District
from communities.tests.factories import CommunityFactory, appoint, command_line
from households.tagging import tag, untag
from households.tests.factories import HouseFactory, tag_event
from reports.checking import check_report, fingerprint_of, standing_check
from reports.corrections import Correction, suggested_correction
from reports.found_later import counted_from_before
from reports.issuing import issue, workbook_of
from reports.models import KpiReport, ReportCheck
from reports.tests.counting import month_figures
from reports.tests.days import FEB, JAN, day
from reports.tests.factories import check_figures, issue_report

pytestmark = pytest.mark.django_db

LETTER = {"round_no": 1, "letter_no": "กท ๕๕๐๒/๗๖", "letter_date": day(FEB, 6)}


@pytest.fixture
def community():
    return CommunityFactory(code="10150001", name="โรงเจ 1", expected=3)


@pytest.fixture
def district(community):
    return community.district


@pytest.fixture
def house(community):
    house = HouseFactory()
    tag_event(house, community, on=day(JAN, 20))
    return house


def refused(call, **arguments):
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        call(**arguments)
    assert refusal.value.messages[0]
    return refusal.value.code


# --- checking ---


def test_a_draft_that_nobody_checked_is_not_issued(district, house):
    head = appoint("head", district)
    assert refused(issue, district=district, month=JAN, by=head, **LETTER) == "not_checked"
    check_figures(district, JAN)
    assert issue(district=district, month=JAN, by=head, **LETTER).round_no == 1


def test_a_check_no_longer_holds_when_a_figure_moves(district, community, house):
    check_figures(district, JAN)
    assert standing_check(district, month_figures(district, JAN))
    tag_event(HouseFactory(), community, on=day(JAN, 21))
    assert standing_check(district, month_figures(district, JAN)) is None
    assert refused(issue, district=district, month=JAN, by=appoint("head", district), **LETTER) == "not_checked"


def test_figures_that_moved_since_the_look_are_not_checked(district, community, house):
    seen = fingerprint_of(month_figures(district, JAN))
    tag_event(HouseFactory(), community, on=day(JAN, 21))
    officer = appoint("officer", district)
    assert refused(check_report, district=district, month=JAN, seen=seen, by=officer) == "figures_moved"
    assert not ReportCheck.objects.exists()


def test_a_button_pressed_twice_is_one_check(district, house):
    officer = appoint("officer", district)
    assert check_figures(district, JAN, by=officer) == check_figures(district, JAN, by=officer)
    assert check_figures(district, JAN, by=appoint("head", district)).checked_by != officer
    assert ReportCheck.objects.count() == 2


@pytest.mark.parametrize("role", ["director", "community_development", "administrator"])
def test_the_registry_section_alone_checks(district, house, role):
    seen = fingerprint_of(month_figures(district, JAN))
    stranger = appoint(role, district)
    assert refused(check_report, district=district, month=JAN, seen=seen, by=stranger) == "not_allowed"


def test_an_officer_of_another_district_does_not_check(district, house):
    seen = fingerprint_of(month_figures(district, JAN))
    stranger = appoint("officer", District.objects.get(code="1016"))
    assert refused(check_report, district=district, month=JAN, seen=seen, by=stranger) == "not_allowed"


def test_an_issued_month_is_not_checked_again(district, house):
    issue_report(district, JAN)
    assert refused(check_figures, district=district, month=JAN) == "issued_already"


def test_a_note_has_its_length(district, house):
    seen = fingerprint_of(month_figures(district, JAN))
    officer = appoint("officer", district)
    too_long = {"note": "ก" * 501, "seen": seen}
    assert refused(check_report, district=district, month=JAN, by=officer, **too_long) == "note_too_long"


@pytest.mark.parametrize("statement", ["UPDATE reports_reportcheck SET note = 'x'", "DELETE FROM reports_reportcheck"])
def test_a_check_stays(district, house, statement):
    check_figures(district, JAN)
    with pytest.raises(IntegrityError, match="facts"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_officer_checks_on_the_page_and_the_head_sees_by_whom(client, district, house):
    officer, page = appoint("officer", district), reverse("reports:kpi_month", args=[JAN])
    client.force_login(officer)
    draft = client.get(page).context["page"]
    assert draft.waits_for_check
    typed = {"seen": draft.seen, "note": "เทียบกับบัญชีแล้ว"}
    client.post(reverse("reports:kpi_check", args=[JAN]), typed)
    client.force_login(appoint("head", district))
    answer = client.get(page)
    assert answer.context["page"].check.checked_by == officer
    assert answer.context["page"].refusal is None
    assert "เทียบกับบัญชีแล้ว" in answer.content.decode()


def test_the_page_says_why_nothing_was_checked(client, district, house):
    client.force_login(appoint("officer", district))
    answer = client.post(reverse("reports:kpi_check", args=[JAN]), {"seen": "old"}, follow=True)
    assert "ตัวเลขเปลี่ยนไปหลังจากที่ท่านดู" in answer.content.decode()


def test_the_head_is_led_to_the_check_before_the_form(client, district, house):
    client.force_login(appoint("head", district))
    answer = client.get(reverse("reports:kpi_issue", args=[JAN]))
    assert answer.context["page"].refusal.code == "not_checked"
    assert 'name="letter_no"' not in answer.content.decode()


def test_communities_that_lost_houses_are_named_before_issuing(client, district, community, house):
    untag([house.pk], by=command_line(), expected=1, reason="ลงรหัสผิดชุมชน", happened_on=day(FEB, 3))
    client.force_login(appoint("head", district))
    page = client.get(reverse("reports:kpi_month", args=[FEB])).context["page"]
    assert [line.at_end.code for line in page.fallen] == ["10150001"]


# --- corrections ---


@pytest.fixture
def found_late(district, community, house):
    """January is issued; a house of it is found afterwards."""
    issued = issue_report(district, JAN, round_no=3)
    tag([HouseFactory().pk], community=community, by=command_line(), expected=1, happened_on=day(JAN, 25))
    return issued


def test_a_later_round_names_the_one_that_it_corrects_and_that_one_stays(district, found_late):
    bytes_before = workbook_of(district, JAN)
    correction = suggested_correction(district, counted_from_before(district, FEB))
    assert correction.report == found_late
    assert "1" in correction.words
    later = issue_report(district, FEB, round_no=4, correction=correction)
    assert (later.corrects, later.correction) == (found_late, correction.words)
    assert workbook_of(district, JAN) == bytes_before


def test_both_reports_pages_tell_of_the_correction(client, district, found_late):
    issue_report(district, FEB, round_no=4, correction=Correction(found_late, "พบบ้านเพิ่ม 1 หลัง"))
    client.force_login(appoint("head", district))
    for month in (JAN, FEB):
        assert "พบบ้านเพิ่ม 1 หลัง" in client.get(reverse("reports:kpi_month", args=[month])).content.decode()


def test_nothing_is_suggested_where_nothing_was_found_late(district, house):
    issue_report(district, JAN)
    assert suggested_correction(district, counted_from_before(district, FEB)) == Correction(None, "")


@pytest.mark.parametrize(
    ("names_it", "words", "code"), [(True, "  ", "correction_unsaid"), (False, "พบเพิ่ม", "corrects_nothing")]
)
def test_a_correction_names_the_report_and_says_what(district, found_late, names_it, words, code):
    correction = Correction(found_late if names_it else None, words)
    arguments = {"district": district, "month": FEB, "round_no": 4, "correction": correction}
    assert refused(issue_report, **arguments) == code


def test_the_form_suggests_the_correction_and_issues_it(client, district, found_late):
    check_figures(district, FEB)
    client.force_login(appoint("head", district))
    address = reverse("reports:kpi_issue", args=[FEB])
    suggested = client.get(address).context["form"].initial
    typed = {
        "round_no": "4",
        "letter_no": "กท ๕๕๐๒/๑๐๗",
        "letter_date": "2 มี.ค. 2558",
        "corrects": suggested["corrects"].pk,
        "correction": suggested["correction"],
    }
    look = client.post(address, typed)
    assert suggested["correction"] in look.content.decode()
    unsaid = client.post(address, typed | {"correction": ""})
    assert list(unsaid.context["form"].errors) == ["correction"]
    client.post(address, typed | {"seen": look.context["page"].seen})
    assert KpiReport.objects.get(month=FEB).corrects == found_late
