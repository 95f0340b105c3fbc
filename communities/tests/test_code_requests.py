"""Codes are asked for by letter, come back in parts, and only then can houses be tagged (product.md C2)."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from communities.code_book import require_code
from communities.code_requests import (
    RequestState,
    asked,
    draft_request,
    record_answer,
    requests_of,
    send_request,
    withdraw_request,
    without_code,
)
from communities.models import CodeRequest, CommunityCode, RequestedCode, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint

pytestmark = pytest.mark.django_db

CENTRE = "ศูนย์บริหารการทะเบียนภาค 1"
LETTER_DAY, ANSWER_DAY, IN_FORCE = (datetime.date(2015, 1, day) for day in (5, 12, 15))


@pytest.fixture
def communities():
    return [CommunityFactory(code=None, name=name) for name in ("กุฎีขาว", "โรงคราม", "สวนพลู")]


@pytest.fixture
def district(communities):
    return communities[0].district


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def draft(district, communities, officer):
    ids = [community.pk for community in communities]
    return draft_request(district=district, communities=ids, asked_of=CENTRE, by=officer)


@pytest.fixture
def sent(draft, officer):
    return send_request(draft, letter_no="กท ๕๕๐๒/๖๕๘๙", letter_date=LETTER_DAY, by=officer)


def answer(request, codes, by, **more):
    facts = {"answer_no": "มท ๐๓๑๐/๑", "answer_date": ANSWER_DAY, "in_force_from": IN_FORCE, **more}
    return record_answer(request, codes=codes, by=by, **facts)


def refused(call, *arguments, **named):
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        call(*arguments, **named)
    assert refusal.value.messages[0]
    return refusal.value.code


def test_a_request_goes_from_draft_to_answer_and_its_codes_are_in_force(district, communities, officer, draft):
    first, second, third = communities
    assert asked(draft).state == RequestState.DRAFTED
    request = send_request(draft, letter_no=" กท ๕๕๐๒/๖๕๘๙ ", letter_date=LETTER_DAY, by=officer)
    assert asked(request).state == RequestState.SENT
    answer(request, {first.pk: "๑๐๑๕ ๐๐๐๑", second.pk: "10150002", third.pk: " "}, officer)
    found = asked(request)
    assert (found.state, found.answered) == (RequestState.ANSWERED_IN_PART, 2)
    assert require_code(first, IN_FORCE) == "10150001"
    assert refused(require_code, first, IN_FORCE - datetime.timedelta(days=1)) == "code_not_in_force"
    assert refused(require_code, third, IN_FORCE) == "code_not_in_force"
    answer(request, {third.pk: "10150003"}, officer, answer_no="มท ๐๓๑๐/๒")
    assert asked(request).state == RequestState.ANSWERED
    code = CommunityCode.objects.get(community=third)
    assert "มท ๐๓๑๐/๒" in code.letter
    assert RequestedCode.objects.get(community_code=code).answer_no == "มท ๐๓๑๐/๒"


def test_communities_wait_until_a_letter_asks_and_again_when_it_is_withdrawn(district, communities, officer):
    CommunityFactory(code="10150009", name="มีรหัสแล้ว")
    assert set(without_code(district, IN_FORCE)) == set(communities)
    ids = [community.pk for community in communities[:2]]
    request = draft_request(district=district, communities=ids, asked_of=CENTRE, by=officer)
    assert without_code(district, IN_FORCE) == communities[2:]
    withdraw_request(request, because="ชื่อผิด", by=officer)
    assert set(without_code(district, IN_FORCE)) == set(communities)
    again = draft_request(district=district, communities=ids, asked_of=CENTRE, by=officer)
    assert [one.request for one in requests_of(district)] == [again, request]
    assert [one.request.batch_no for one in requests_of(district)] == [2, 1]


def test_what_cannot_be_asked_for_is_refused(district, communities, officer, draft):
    def ask(*wanted, by=officer):
        ids = [community.pk for community in wanted]
        return refused(draft_request, district=district, communities=ids, asked_of=CENTRE, by=by)

    elsewhere = CommunityFactory(code=None, subdistrict__district=DistrictFactory(code="1016"))
    assert ask() == "no_communities"
    assert ask(communities[0]) == "asked_already"
    assert ask(CommunityFactory(code="10150009")) == "has_a_code"
    assert ask(elsewhere) == "not_of_the_district"
    for role in (Role.DIRECTOR, Role.COMMUNITY_DEVELOPMENT):
        assert ask(communities[0], by=appoint(role, district)) == "not_allowed"
    assert ask(communities[0], by=appoint(Role.OFFICER, elsewhere.district)) == "not_allowed"


def test_a_letter_goes_out_once_with_a_number_and_not_in_the_future(draft, officer):
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    assert refused(send_request, draft, letter_no=" ", letter_date=LETTER_DAY, by=officer) == "letter_missing"
    assert refused(send_request, draft, letter_no="1", letter_date=tomorrow, by=officer) == "future_date"
    send_request(draft, letter_no="1", letter_date=LETTER_DAY, by=officer)
    assert refused(send_request, draft, letter_no="2", letter_date=LETTER_DAY, by=officer) == "sent_already"


@pytest.mark.parametrize(
    ("codes", "more", "expected"),
    [
        (["", "", ""], {}, "no_codes"),
        (["1015-0001", "", ""], {"answer_no": " "}, "letter_missing"),
        (["10150001", "", ""], {"answer_date": datetime.date(2015, 1, 4)}, "answer_too_early"),
        (["10150001", "", ""], {"in_force_from": datetime.date(2015, 1, 4)}, "in_force_too_early"),
        (["10150001", "", ""], {"in_force_from": datetime.date(2199, 1, 1)}, "future_date"),
        (["1015A", "", ""], {}, "code_malformed"),
        (["101500011", "", ""], {}, "code_malformed"),
        (["10150001", "1015 0001", ""], {}, "code_twice"),
        (["10150009", "", ""], {}, "code_taken"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_whole(communities, sent, officer, codes, more, expected):
    CommunityFactory(code="10150009")
    before = CommunityCode.objects.count()
    given = {community.pk: code for community, code in zip(communities, codes, strict=True)}
    assert refused(answer, sent, given, officer, **more) == expected
    assert CommunityCode.objects.count() == before


def test_a_community_is_answered_once_and_only_if_it_was_asked_for(communities, sent, officer):
    answer(sent, {communities[0].pk: "10150001"}, officer)
    assert refused(answer, sent, {communities[0].pk: "10150002"}, officer) == "answered_already"
    assert refused(answer, sent, {CommunityFactory(code=None).pk: "10150002"}, officer) == "not_asked"


def test_a_draft_has_no_answer_and_a_withdrawn_request_neither(communities, draft, officer):
    assert refused(answer, draft, {communities[0].pk: "10150001"}, officer) == "not_sent"
    assert refused(withdraw_request, draft, because="", by=officer) == "reason_missing"
    withdraw_request(draft, because="ร่างใหม่", by=officer)
    assert refused(answer, draft, {communities[0].pk: "10150001"}, officer) == "withdrawn"
    assert refused(withdraw_request, draft, because="อีกครั้ง", by=officer) == "withdrawn"


def test_what_was_given_stays_when_the_rest_is_withdrawn(communities, sent, officer):
    answer(sent, {communities[0].pk: "10150001"}, officer)
    withdraw_request(sent, because="ศูนย์ขอให้ส่งใหม่", by=officer)
    assert require_code(communities[0], IN_FORCE) == "10150001"
    assert refused(withdraw_request, sent, because="อีก", by=officer) == "withdrawn"


def test_the_database_keeps_a_letter_that_went_out_and_an_answer_that_came(communities, sent, officer):
    answer(sent, {communities[0].pk: "10150001"}, officer)
    for change in (
        lambda: CodeRequest.objects.filter(pk=sent.pk).update(letter_no="อื่น"),
        lambda: RequestedCode.objects.filter(community=communities[0]).update(answer_no="อื่น"),
        lambda: RequestedCode.objects.filter(community=communities[1]).delete(),
        lambda: CodeRequest.objects.filter(pk=sent.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_requests_are_read_in_the_same_few_queries_however_many(
    district, communities, officer, django_assert_num_queries
):
    for community in communities:
        draft_request(district=district, communities=[community.pk], asked_of=CENTRE, by=officer)
    with django_assert_num_queries(3):
        assert len(requests_of(district)) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_recorded(communities, sent, officer):
    begun, codes = threading.Barrier(2), []

    def record(code):
        try:
            begun.wait()
            answer(sent, {communities[0].pk: code}, officer)
        except ValidationError as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=[code]) for code in ("10150001", "10150002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert codes == ["answered_already"]
    assert CommunityCode.objects.filter(community=communities[0]).count() == 1
