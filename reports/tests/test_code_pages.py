"""The pages of community codes: ticking communities, the letter, its answer, and who may do what."""

import pytest
from django.urls import reverse
from django.utils import translation

from communities.code_requests import asked, draft_request, send_request
from communities.models import CodeRequest, CommunityCode, Role
from communities.papers import record_document
from communities.tests.factories import CommunityFactory, appoint
from communities.tests.taken import same_in_both
from households.tests.desk import signed_in
from reports.code_letter import on_paper
from reports.ledger import tie_paper
from reports.tests.days import JAN, day

pytestmark = pytest.mark.django_db

CODES = reverse("codes:codes")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def communities():
    return [CommunityFactory(code=None, name=name) for name in ("กุฎีขาว", "โรงคราม")]


@pytest.fixture
def officer(client, communities):
    return signed_in(client, appoint(Role.OFFICER, communities[0].district))


def drafted(officer, *communities, **more):
    said = {"asked_of": "ศูนย์ภาค 1", "community": [community.pk for community in communities], **more}
    return officer.post(reverse("codes:request_add"), said)


def test_communities_are_ticked_asked_for_and_answered(officer, communities):
    first, second = communities
    answer = drafted(officer, first, second, reason="ตามโครงการ")
    request = CodeRequest.objects.get()
    page = reverse("codes:request", args=[request.pk])
    assert answer.url == page
    assert "Record that it went out" in officer.get(page).content.decode()
    letter = {"letter_no": "กท ๕๕๐๒/๖๕๘๙", "letter_date": "5 ม.ค. 2558"}
    assert officer.post(reverse("codes:request_send", args=[request.pk]), letter).url == page
    given = {
        "answer_no": "มท ๐๓๑๐/๑",
        "answer_date": "8 ม.ค. 2558",
        "in_force_from": "8 ม.ค. 2558",
        f"code_{first.pk}": "10150001",
    }
    assert officer.post(reverse("codes:request_answer", args=[request.pk]), given).url == page
    assert CommunityCode.objects.get(community=first).in_force_from == day(JAN, 8)
    shown = officer.get(page).content.decode()
    assert "answered in part" in shown
    assert f"code_{first.pk}" not in shown
    assert f"code_{second.pk}" in shown
    headings, rows = same_in_both(officer, CODES)
    assert [row[headings.index("Community")] for row in rows] == ["กุฎีขาว"]


def test_what_is_refused_is_told_beside_what_was_typed(officer, communities):
    nothing = drafted(officer)
    assert nothing.status_code == 422
    assert "Tick the communities" in nothing.content.decode()
    drafted(officer, *communities)
    request = CodeRequest.objects.get()
    early = officer.post(reverse("codes:request_send", args=[request.pk]), {"letter_no": "๑", "letter_date": "สิบสอง"})
    assert early.status_code == 422
    assert "is no date" in early.content.decode()
    officer.post(reverse("codes:request_send", args=[request.pk]), {"letter_no": "๑", "letter_date": "5 ม.ค. 2558"})
    wrong = {
        "answer_no": "๑",
        "answer_date": "8 ม.ค. 2558",
        "in_force_from": "8 ม.ค. 2558",
        f"code_{communities[0].pk}": "1015X",
    }
    answer = officer.post(reverse("codes:request_answer", args=[request.pk]), wrong)
    assert answer.status_code == 422
    assert "is not written like a community code" in answer.content.decode()
    assert 'value="1015X"' in answer.content.decode()
    assert not CommunityCode.objects.exists()


def test_a_withdrawn_request_says_why_and_gives_its_communities_back(officer, communities):
    drafted(officer, *communities)
    request = CodeRequest.objects.get()
    because = {"because": "ชื่อชุมชนผิด"}
    officer.post(reverse("codes:request_withdraw", args=[request.pk]), because)
    assert "ชื่อชุมชนผิด" in officer.get(reverse("codes:request", args=[request.pk])).content.decode()
    assert officer.get(CODES).context["waiting"] == sorted(communities, key=lambda one: one.names.get().name_th)
    assert officer.post(reverse("codes:request_withdraw", args=[request.pk]), because).status_code == 422


def test_who_only_reads_sees_no_form(client, communities):
    officer = appoint(Role.OFFICER, communities[0].district)
    ids = [community.pk for community in communities]
    request = draft_request(district=communities[0].district, communities=ids, asked_of="x", by=officer)
    director = signed_in(client, appoint(Role.DIRECTOR, communities[0].district))
    for page in (CODES, reverse("codes:request", args=[request.pk])):
        assert 'method="post" action="/codes' not in director.get(page).content.decode()


def test_the_letter_names_every_community_in_thai_digits(client, communities):
    officer = appoint(Role.OFFICER, communities[0].district)
    communities.append(CommunityFactory(code=None, name="โรงเจ 1"))
    ids = [community.pk for community in communities]
    draft = draft_request(district=communities[0].district, communities=ids, asked_of="x", by=officer)
    letter = on_paper(asked(draft))
    assert [name for _number, name, _subdistrict in letter["lines"]] == ["กุฎีขาว", "โรงคราม", "โรงเจ ๑"]
    assert letter["count"] == "๓"
    assert letter["number"].startswith("…")
    sent = send_request(draft, letter_no="กท 5502/130", letter_date=day(JAN, 12), by=officer)
    assert (on_paper(asked(sent))["number"], on_paper(asked(sent))["date"]) == ("กท ๕๕๐๒/๑๓๐", "๑๒ มกราคม ๒๕๕๘")
    answer = signed_in(client, officer).get(reverse("codes:request_letter", args=[draft.pk]))
    assert answer.content.startswith(b"%PDF")


def test_the_ledgers_paper_leads_to_the_request_that_hangs_on_it(client, communities):
    officer = appoint(Role.OFFICER, communities[0].district)
    ids = [community.pk for community in communities]
    draft = draft_request(district=communities[0].district, communities=ids, asked_of="x", by=officer)
    paper = record_document(
        district=draft.district, kind="letter_out", number="๑", dated=day(JAN, 12), subject="ขอรหัส", by=officer
    )
    tie_paper(paper, code_request=draft, by=officer)
    page = signed_in(client, officer).get(reverse("ledger:paper", args=[paper.pk])).content.decode()
    assert reverse("codes:request", args=[draft.pk]) in page
