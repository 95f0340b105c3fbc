"""Every address as every role: what a person may not reach is not there. An address missing from the table fails."""

import datetime
import hashlib
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from communities.code_requests import draft_request
from communities.first_sign_in import make_key
from communities.models import Role
from communities.papers import add_file, record_document
from communities.tests.factories import CommunityFactory, DistrictFactory, PersonFactory, SubdistrictFactory, appoint
from households import list_drafts
from households.list_drafts import Draft
from households.models import Alias, DeskCheck, HouseList, HouseNumberRecord, Sample, SampledRow, SavedSearch
from households.row_reasons import Reason
from households.sent_files import Sent
from households.tests.factories import AssignmentFactory, BatchFactory, HouseFactory, act_of_the_office, tag_event
from reports.models import ElectoralRoll
from verification.answers import answer
from verification.delegates import name_delegate
from verification.models import Occurrence, Proposal
from verification.rechecks import draw_sample
from verification.tests.case_factories import case_of, form31_of, photo_of, signed31, waits_for_visit
from verification.tests.factories import photo_to, pledged, review_of, signed_review, verdict_on

pytestmark = pytest.mark.django_db

OFFICER, HEAD, DEVELOPMENT, DIRECTOR = "officer", "head", "community_development", "director"
PRESIDENT, CITY, ADMINISTRATOR = "president", "city_viewer", "administrator"
STRANGER, POSTLESS = "officer of another district", "without a post"
ROLES = [OFFICER, HEAD, DEVELOPMENT, DIRECTOR, PRESIDENT, CITY, ADMINISTRATOR, STRANGER, POSTLESS]

DESK = {OFFICER, HEAD, DIRECTOR}
LISTS = DESK | {DEVELOPMENT}
RECEIVERS = {OFFICER, HEAD, DEVELOPMENT}
TAGGERS = {OFFICER, HEAD}
FIGURES = LISTS | {CITY}
EVERYBODY = set(ROLES)

FORM31 = ["form31", "form31_print", "form31_paper", "form31_signed", "form31_reveal"]

# Who gets an answer other than 404 on a thing of the first district, or on a page that lists what one may see.
REACHED_BY = {
    "front": EVERYBODY,
    "households:home": LISTS | {STRANGER},
    "households:home_to_look_at": DESK | {STRANGER},
    "households:work_progress": DESK | {STRANGER},
    "households:work_done": DESK | {STRANGER},
    "households:work_shared_out": DESK | {STRANGER},
    "households:work_assign": {HEAD},
    "households:work_annex": DESK,
    "households:work_hand_over": {HEAD},
    "households:work_end": {HEAD},
    "households:work_take_back": {HEAD},
    "households:work_restore": {HEAD},
    "households:lists": LISTS | {STRANGER},
    "households:list_receive": RECEIVERS | {STRANGER},
    "households:list_columns": {OFFICER},  # whose draft it is
    "households:list_sort": {OFFICER},
    "households:list": LISTS,
    "households:list_apply": TAGGERS,
    "households:list_likely": TAGGERS,
    "households:list_bench": TAGGERS,
    "households:district_bench": TAGGERS | {STRANGER},
    "households:claims": DESK | {STRANGER},
    "households:claim": DESK,
    "households:run": TAGGERS | {STRANGER},
    "households:list_outcomes": LISTS,
    "households:lists_missing": RECEIVERS | {STRANGER},
    "households:list_findings": RECEIVERS,
    "households:list_send_back": RECEIVERS,
    "households:row": LISTS,
    "households:row_reopen": TAGGERS,
    "households:quality": LISTS | {STRANGER},
    "households:quality_rows": LISTS | {STRANGER},
    "households:quality_lists": LISTS | {STRANGER},
    "households:trust": DESK | {STRANGER},
    "households:trust_draw": TAGGERS | {STRANGER},
    "households:trust_row": DESK,
    "households:aliases": DESK | {STRANGER},
    "households:alias_confirm": TAGGERS | {STRANGER},
    "households:alias_refuse": TAGGERS | {STRANGER},
    "households:alias_withdraw": TAGGERS,
    "households:lanes": DESK | {STRANGER},
    "households:strays": DESK | {STRANGER},
    "households:stray_right": TAGGERS,
    "households:desk_check_take_back": TAGGERS,
    "households:duplicates": DESK | {STRANGER},
    "households:houses": DESK | {STRANGER},
    "households:houses_tag": TAGGERS | {STRANGER},
    "households:houses_untag": TAGGERS | {STRANGER},
    "households:houses_outside": TAGGERS | {STRANGER},
    "households:searches": DESK | {STRANGER},
    "households:search_keep": DESK | {STRANGER},
    "households:search_remove": {OFFICER},  # whose search it is
    "households:search_bring_back": {OFFICER},
    "households:house": DESK,
    "households:batches": DESK | {STRANGER},
    "households:batch": DESK,
    "households:batch_undo": TAGGERS,
    "households:batch_run": DESK,
    "households:batch_run_undo": TAGGERS,
    "households:keying": TAGGERS | {STRANGER},
    "households:keying_list": TAGGERS | {STRANGER},
    "households:central_acts": DESK | {STRANGER},
    "households:central_act_done": TAGGERS,
    "households:central_act_take_back": TAGGERS,
    "households:reconciliation": DESK | {STRANGER},
    "households:reconciled_houses": DESK | {STRANGER},
    "households:register_load": TAGGERS | {STRANGER},
    "households:register_changes": DESK | {STRANGER},
    "households:changes_tag": TAGGERS | {STRANGER},
    "households:changes_right": TAGGERS | {STRANGER},
    "households:changes_take_back": TAGGERS | {STRANGER},
    "verification:my_community": {PRESIDENT},
    "verification:my_review": {PRESIDENT},
    "verification:review": {PRESIDENT},
    "verification:review_pledge": {PRESIDENT},
    "verification:review_say": {PRESIDENT},
    "verification:review_take_back": {PRESIDENT},
    "verification:review_rest": {PRESIDENT},
    "verification:review_missing": {PRESIDENT},
    "verification:review_sign": {PRESIDENT},
    "verification:review_photo": {PRESIDENT},
    "verification:review_photo_small": {PRESIDENT},
    "verification:review_worker": EVERYBODY,
    "verification:review_whose": {PRESIDENT},
    "verification:review_send": {PRESIDENT},
    "verification:review_delegate": {PRESIDENT},
    "verification:letters": TAGGERS,
    "verification:letters_join": TAGGERS,
    "verification:letter_make": TAGGERS,
    "verification:house_list": TAGGERS,
    "verification:certificate_pdf": TAGGERS,  # of another community
    "verification:certificate": EVERYBODY,
    "verification:answers": TAGGERS | {STRANGER},
    "verification:answer_many": TAGGERS | {STRANGER},
    "verification:answer_give": TAGGERS,
    "verification:answer_photo": TAGGERS,
    "verification:answer_photo_small": TAGGERS,
    "verification:review_appeal": {PRESIDENT},
    "verification:paper_list": TAGGERS,
    "verification:paper_slip": TAGGERS,
    "verification:visits": RECEIVERS | {STRANGER},
    "verification:visit_plan": TAGGERS | {STRANGER},
    "verification:visit_list": RECEIVERS,
    "verification:visit_team": TAGGERS,
    "verification:visit_carry_over": TAGGERS,
    "verification:visit_print": RECEIVERS,
    "verification:visit_alike": RECEIVERS,
    "verification:visit_stop": RECEIVERS,
    "verification:visit_take_off": TAGGERS,
    "verification:rounds": TAGGERS | {STRANGER},
    "verification:round_open": {HEAD},
    "verification:round": TAGGERS,
    "verification:round_extend": {HEAD},
    "verification:round_close": {HEAD},
    "verification:reminders_due": TAGGERS,
    "verification:reminders_sent": TAGGERS,
    "verification:findings": {HEAD},
    "verification:sample_draw": {HEAD},
    "verification:cases": LISTS | {STRANGER},
    "verification:case": LISTS,
    "verification:case_moves": LISTS | {STRANGER, ADMINISTRATOR},
    "verification:case_move": TAGGERS,
    "verification:case_request": RECEIVERS,
    "verification:form31_wording": {HEAD},
    "verification:case_open": RECEIVERS | {STRANGER},
    "verification:occurrence_open": RECEIVERS | {STRANGER},
    "verification:case_receipt": RECEIVERS,
    "verification:receipt": EVERYBODY,
    "verification:my_cases": {PRESIDENT},
    **{f"verification:{name}": TAGGERS for name in FORM31},
    "verification:form31_scan": DESK,
    "verification:cases_late": LISTS | {STRANGER},
    "verification:struck_houses": LISTS | {STRANGER},
    "verification:struck_houses_export": LISTS | {STRANGER},
    "verification:residents_state": TAGGERS,
    "verification:proposal_make": TAGGERS,
    "verification:proposal_approve": {HEAD, DIRECTOR},
    "verification:proposal_send_back": DESK,
    "verification:cases_alike": LISTS,
    "verification:alike_propose": TAGGERS,
    "verification:alike_approve": {HEAD, DIRECTOR},
    "verification:case_photos": LISTS,
    "verification:case_photo": LISTS,
    "verification:case_photo_small": LISTS,
    "verification:case_photos_zip": LISTS,
    "verification:month_photos_zip": LISTS | {STRANGER},
    "verification:rechecks": TAGGERS | {STRANGER},
    "verification:recheck": TAGGERS,
    "verification:recheck_record": TAGGERS,
    "verification:delegates": TAGGERS | {STRANGER},
    "verification:delegate_accept": TAGGERS,
    "verification:delegate_refuse": TAGGERS,
    "verification:delegate_end": TAGGERS | {PRESIDENT},
    "reports:kpi": FIGURES | {STRANGER},
    "ledger:ledger": LISTS | {STRANGER},
    "ledger:paper_add": RECEIVERS | {STRANGER},
    "ledger:step_add": RECEIVERS | {STRANGER},
    "ledger:evidence_pack": DESK | {STRANGER},
    "ledger:paper": LISTS,
    "rolls:rolls": DESK | {STRANGER},
    "rolls:roll_issue": {HEAD},
    "rolls:roll": DESK,
    "rolls:roll_export": DESK,
    "codes:codes": LISTS | {STRANGER},
    "codes:request_add": TAGGERS | {STRANGER},
    "codes:request": LISTS,
    "codes:request_letter": LISTS,
    "codes:request_send": TAGGERS,
    "codes:request_answer": TAGGERS,
    "codes:request_withdraw": TAGGERS,
    "ledger:paper_file": LISTS,
    "ledger:paper_files": RECEIVERS,
    "ledger:paper_tie": RECEIVERS,
    "ledger:paper_withdraw": RECEIVERS,
    "desk": {HEAD, DIRECTOR},
    "reports:indicators": FIGURES | {STRANGER},
    "reports:indicator": FIGURES | {STRANGER},
    "reports:indicator_targets": {HEAD},
    "reports:daily_plan": FIGURES | {STRANGER},
    "reports:daily_plan_month": FIGURES,
    "reports:daily_plan_write": TAGGERS,
    "reports:daily_plan_approve": {HEAD},
    "reports:daily_plan_submit": TAGGERS,
    "reports:kpi_month": FIGURES,
    "reports:kpi_summary": FIGURES,
    "reports:kpi_houses": DESK,
    "reports:kpi_workbook": DESK,
    "reports:kpi_check": TAGGERS,
    "reports:kpi_issue": {HEAD},
    "communities:people": {HEAD, ADMINISTRATOR},
    "communities:lists_seen": {HEAD, DIRECTOR},
    "communities:person_reset": {HEAD, ADMINISTRATOR},
    "communities:person_second_factor": {ADMINISTRATOR},
    "communities:first_sign_in": EVERYBODY,
    "communities:choose_pin": EVERYBODY,
    "communities:president_sign_ins": TAGGERS | {STRANGER},
    "communities:president_sign_in": TAGGERS,
    "communities:president_letter": TAGGERS,
    "communities:president_take_back": TAGGERS,
    "communities:president_sign_out": TAGGERS,
    "communities:president_reopen": TAGGERS,
    "communities:digits": EVERYBODY,
    "set_language": EVERYBODY,
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_reauthenticate": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_signup": EVERYBODY,
    "account_change_password": EVERYBODY,
    "mfa_authenticate": EVERYBODY,
    "mfa_reauthenticate": EVERYBODY,
    "mfa_index": EVERYBODY,
    "mfa_activate_totp": EVERYBODY,
    "mfa_deactivate_totp": set(),  # there is none to take off
    "mfa_view_recovery_codes": set(),
    "mfa_generate_recovery_codes": EVERYBODY,
}
OF_A_CASE = {
    "verification:case",
    "verification:case_move",
    "verification:case_request",
    "verification:residents_state",
    "verification:proposal_make",
}
OF_A_MONTH = (
    "reports:kpi_month",
    "reports:kpi_summary",
    "reports:kpi_houses",
    "reports:kpi_workbook",
    "reports:kpi_check",
    "reports:kpi_issue",
    "reports:daily_plan_month",
    "reports:daily_plan_write",
    "reports:daily_plan_approve",
    "reports:daily_plan_submit",
)
DEEDS = {
    "rolls:roll_export",
    "codes:request_add",
    "codes:request_send",
    "codes:request_answer",
    "codes:request_withdraw",
    "ledger:paper_files",
    "ledger:paper_tie",
    "ledger:paper_withdraw",
    "reports:daily_plan_approve",
    "reports:daily_plan_submit",
    "reports:kpi_check",
    "verification:form31_paper",
    "verification:form31_signed",
    "verification:form31_reveal",
    "verification:visit_team",
    "verification:visit_carry_over",
    "verification:visit_take_off",
    "verification:answer_many",
    "verification:sample_draw",
    "households:central_act_done",
    "households:central_act_take_back",
    "verification:case_move",
    "verification:case_request",
    "verification:recheck_record",
    "verification:answer_give",
    "verification:review_appeal",
    "verification:letter_make",
    "verification:letters_join",
    "communities:president_letter",
    "communities:president_take_back",
    "communities:president_sign_out",
    "communities:president_reopen",
    "households:search_remove",
    "households:search_bring_back",
    "households:work_assign",
    "households:work_take_back",
    "households:work_restore",
    "households:alias_withdraw",
    "households:trust_draw",
    "households:list_apply",
    "households:row_reopen",
    "households:batch_undo",
    "households:batch_run_undo",
    "households:stray_right",
    "households:desk_check_take_back",
    "verification:review_say",
    "verification:review_take_back",
    "verification:review_rest",
    "verification:review_missing",
    "verification:review_send",
    "verification:delegate_accept",
    "verification:delegate_end",
    "verification:proposal_approve",
    "verification:proposal_send_back",
    "verification:alike_propose",
    "verification:alike_approve",
    "verification:residents_state",
    "verification:proposal_make",
    "verification:struck_houses_export",
}
OF_A_PRESIDENT = {
    "communities:president_sign_in",
    "communities:president_letter",
    "communities:president_take_back",
    "communities:president_sign_out",
    "communities:president_reopen",
}
OF_A_VISIT = ("visit_list", "visit_team", "visit_carry_over", "visit_print")
OPEN_TO_ALL = {
    "verification:certificate",
    "verification:receipt",
    "communities:first_sign_in",
    "mfa_authenticate",
    "verification:review_worker",
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_signup",
    "set_language",
}


def _names(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _names(entry, namespace)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


@pytest.fixture
def people():
    """One person a role, all of the first district but the stranger."""
    district = DistrictFactory(code="1015")
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(district=district))
    at = {
        **{role: appoint(role, district) for role in (OFFICER, HEAD, DEVELOPMENT, DIRECTOR, ADMINISTRATOR)},
        PRESIDENT: appoint(Role.PRESIDENT, community),
        CITY: appoint(Role.CITY_VIEWER, None),
        STRANGER: appoint(Role.OFFICER, DistrictFactory(code="1016")),
        POSTLESS: PersonFactory(),
    }
    at["community"] = community
    return at


@pytest.fixture
def addresses(people):
    """Each name with an address that stands for a thing of the first district."""
    community = people["community"]
    house = HouseFactory(subdistrict=community.subdistrict)
    event = tag_event(house, community, on=datetime.date(2015, 1, 20))
    walk = BatchFactory(district=community.district, community=community, kind="house_by_house")
    walked = tag_event(HouseFactory(subdistrict=community.subdistrict), community, on=walk.happened_on, batch=walk)
    house_list = HouseList.objects.create(
        district=community.district,
        community=community,
        file_name="list.xlsx",
        fingerprint="f",
        header_row=1,
        columns={"house_no": 0},
        received_on=datetime.date(2015, 1, 16),
        received_by=people[OFFICER],
    )
    record = HouseNumberRecord.objects.create(
        house_list=house_list, row=2, cells=["1"], house_no="1", number_keys=["1"], reason=Reason.NOT_FOUND
    )
    sample = Sample.objects.create(district=community.district, drawn_from=1, drawn_by=people[OFFICER])
    sampled = SampledRow.objects.create(sample=sample, place=1, record=record, house=house)
    stray_check = DeskCheck.objects.create(
        house=house,
        kind="stray",
        happened_on=event.happened_on,
        counted_on=event.counted_on,
        recorded_by=people[OFFICER],
    )
    last_month = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
    sent = Sent(b"1,a\n2,b\n", "list.csv")
    search = SavedSearch.objects.create(
        person=people[OFFICER], district=community.district, name="untagged", query="state=untagged"
    )
    draft = list_drafts.put(Draft(sent, community.district_id), of=people[OFFICER])
    review = review_of(community, [house])
    signed = signed_review(review.round)
    pledged(review, people[PRESIDENT])
    photo = photo_to(verdict_on(review.houses.get(), "demolished", by=people[PRESIDENT]))
    given = answer(photo.verdict, outcome="case", by=people[OFFICER])
    fire = Occurrence.objects.create(
        district=community.district, name="ไฟไหม้", happened_on=event.happened_on, recorded_by=people[OFFICER]
    )
    case = photo.verdict.case  # opened by the answer
    signed31(form31_of(case))
    signed31(form31_of(case))
    burnt = case_of(HouseFactory(subdistrict=house.subdistrict), state="visit_planned", occurrence=fire)
    stop = waits_for_visit(burnt)
    # of another house, which no address of the walk names: a struck house is not tagged
    act = act_of_the_office(HouseFactory(subdistrict=house.subdistrict), people[OFFICER])
    proposal = Proposal.objects.create(
        case=case, act="strike_off", happened_on=event.happened_on, proposed_by=people[OFFICER]
    )
    sample = draw_sample(review, number=1, reason="x", by=people[HEAD])
    naming = name_delegate(community, full_name="นายตัวแทน", by=people[PRESIDENT])
    assignment = AssignmentFactory(community=community, officer=people[OFFICER])
    post = people[PRESIDENT].appointments.get()
    secret = make_key(post, good_until=timezone.localdate(), by=people[OFFICER])
    paper = record_document(
        district=community.district, kind="order", dated=event.happened_on, subject="x", by=people[OFFICER]
    )
    scan = add_file(paper, upload=SimpleUploadedFile("x.txt", b"x"), by=people[OFFICER])
    nameless = CommunityFactory.create(subdistrict=community.subdistrict, code=None)
    letter = draft_request(district=community.district, communities=[nameless.pk], asked_of="x", by=people[OFFICER])
    roll = ElectoralRoll.objects.create(
        district=community.district,
        community=community,
        community_code="10150001",
        community_name="x",
        election_day=event.happened_on,
        letter_no="x",
        letter_date=event.happened_on,
        house_count=0,
        workbook=b"",
        workbook_sha256=hashlib.sha256(b"").hexdigest(),
        issued_by=people[HEAD],
    )
    arguments = {
        "rolls:roll": [roll.pk],
        "rolls:roll_export": [roll.pk],
        **{f"codes:request{name}": [letter.pk] for name in ("", "_letter", "_send", "_answer", "_withdraw")},
        **{f"ledger:{name}": [paper.pk] for name in ("paper", "paper_files", "paper_tie", "paper_withdraw")},
        "ledger:paper_file": [scan.key],
        "households:work_hand_over": [people[OFFICER].pk],
        "households:work_end": [assignment.pk],
        "households:work_take_back": [assignment.pk],
        "households:work_restore": [assignment.pk],
        "households:list": [house_list.pk],
        "households:list_columns": [draft],
        "households:list_sort": [draft],
        "households:list_apply": [house_list.pk],
        "households:list_likely": [house_list.pk],
        "households:list_bench": [house_list.pk],
        "households:claim": [house.pk],
        "households:list_outcomes": [house_list.pk],
        "households:list_findings": [house_list.pk],
        "households:list_send_back": [house_list.pk],
        "households:row": [record.pk],
        "households:row_reopen": [record.pk],
        "households:trust_row": [sampled.pk],
        "households:alias_withdraw": [Alias.objects.filter(district=community.district).first().pk],
        "households:search_remove": [search.pk],
        "households:search_bring_back": [search.pk],
        "households:house": [house.pk],
        "households:reconciled_houses": ["missing"],
        "households:stray_right": [house.pk],
        "households:desk_check_take_back": [stray_check.pk],
        **{f"households:central_act_{name}": [act.pk] for name in ("done", "take_back")},
        "households:batch": [event.batch.pk],
        "households:batch_undo": [event.batch.pk],
        "households:batch_run": [walked.batch.pk],
        "households:batch_run_undo": [walked.batch.pk],
        "communities:person_reset": [people[DEVELOPMENT].pk],
        "communities:person_second_factor": [people[OFFICER].pk],
        "communities:first_sign_in": [secret],
        **{name: [post.pk] for name in REACHED_BY if name in OF_A_PRESIDENT},
        **{name: [review.pk] for name in REACHED_BY if name.startswith("verification:review")},
        "verification:review_photo": [review.pk, photo.pk],
        "verification:review_photo_small": [review.pk, photo.pk],
        **{f"verification:{name}": [review.pk] for name in ("paper_list", "paper_slip", "house_list")},
        **{f"verification:{name}": [review.round_id] for name in ("letters", "letters_join")},
        "verification:letter_make": [review.round_id, review.pk],
        "verification:certificate_pdf": [signed.pk],
        "verification:certificate": [signed.certificate],
        "verification:answer_give": [photo.verdict_id],
        **{f"verification:{name}": [photo.pk] for name in ("answer_photo", "answer_photo_small")},
        "verification:review_appeal": [review.pk, given.pk],
        "verification:review_worker": [],
        "verification:review_whose": [],
        **{
            f"verification:{name}": [review.round_id]
            for name in (
                "round",
                "round_extend",
                "round_close",
                "reminders_due",
                "reminders_sent",
                "findings",
                "sample_draw",
            )
        },
        **{name: [case.pk] for name in REACHED_BY if name in OF_A_CASE},
        **{f"verification:{name}": [case.pk] for name in (*FORM31, "form31_scan", "case_receipt")},
        **{f"verification:{name}": [case.pk] for name in ("case_photos", "case_photos_zip")},
        **{f"verification:{name}": [case.pk, photo_of(case).pk] for name in ("case_photo", "case_photo_small")},
        **{f"verification:{name}": [proposal.pk] for name in ("proposal_approve", "proposal_send_back")},
        **{f"verification:{name}": [fire.pk] for name in ("cases_alike", "alike_propose", "alike_approve")},
        **{f"verification:{name}": [stop.visit_list_id] for name in OF_A_VISIT},
        **{f"verification:{name}": [stop.pk] for name in ("visit_stop", "visit_take_off")},
        "verification:visit_alike": [stop.visit_list_id, fire.pk],
        "verification:recheck": [sample.pk],
        "verification:recheck_record": [sample.houses.get().pk],
        **{f"verification:{name}": [naming.pk] for name in ("delegate_accept", "delegate_refuse", "delegate_end")},
        **{name: [f"{last_month:%Y-%m}"] for name in OF_A_MONTH},
        "reports:indicator": ["houses_tagged"],
    }
    addresses = {name: reverse(name, args=arguments.get(name, [])) for name in REACHED_BY}
    days = "?from=2015-01-01&to=2015-01-31"
    order = urlencode({"order": assignment.order_number, "date": assignment.order_date})
    return addresses | {
        "households:work_done": f"{addresses['households:work_done']}{days}",
        "households:work_annex": f"{addresses['households:work_annex']}?{order}",
    }


def test_the_table_names_every_address():
    listed = {name for name in _names() if not name.startswith("admin:") and name != "None"}
    assert listed == set(REACHED_BY)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_its_pages_and_no_others(client, people, addresses, role):
    client.force_login(people[role])
    of_the_first_district = set(OF_A_MONTH)
    wrong = {}
    for name, address in addresses.items():
        query = "?district=1015" if name in of_the_first_district else ""
        ask = client.post if name in DEEDS else client.get
        status = ask(address + query).status_code
        expected_in = role in REACHED_BY[name]
        if status >= 500 or (status == 404) == expected_in:
            wrong[name] = status
        client.force_login(people[role])  # signing out is one of the pages
    assert wrong == {}


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(client, addresses):
    for name, address in addresses.items():
        answer = client.get(address)
        if name in OPEN_TO_ALL:
            assert answer.status_code in (200, 302, 405), name
        else:
            assert answer.status_code == 302, name
            assert answer.url.startswith(reverse("account_login")), name


def test_only_an_administrator_comes_into_the_admin_pages_of_accounts(client, people):
    for role in ROLES:
        client.force_login(people[role])
        status = client.get(reverse("admin:communities_person_changelist")).status_code
        assert (status == 200) == (role == ADMINISTRATOR), role


def test_the_admin_pages_are_for_administrators_and_for_whoever_sees_houses(client, people):
    for role in ROLES:
        client.force_login(people[role])
        status = client.get(reverse("admin:index")).status_code
        assert (status == 200) == (role in DESK | {ADMINISTRATOR, STRANGER}), role


@pytest.mark.parametrize("name", ["households:home", "households:houses", "reports:kpi"])
def test_another_district_is_not_there(client, people, name):
    client.force_login(people[STRANGER])
    assert client.get(reverse(name), {"district": "1015"}).status_code == 404


@pytest.mark.parametrize("name", ["q", "community", "after", "district"])
def test_a_sign_that_no_database_takes_is_an_ordinary_answer_on_every_page(client, people, addresses, name):
    client.force_login(people[HEAD])
    for page, address in addresses.items():
        ask = client.post if page in DEEDS else client.get
        assert ask(address, {name: "\0"}).status_code < 500, page
        client.force_login(people[HEAD])  # signing out is one of the pages
