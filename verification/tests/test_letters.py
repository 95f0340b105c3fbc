"""Letters in one merge, house lists, certificates: what stands on them, who gets them, and what is recorded."""

import io
import re

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from communities.first_sign_in import make_key
from communities.models import ListAccess, Role, SignInKey
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification import paper_pdf
from verification.letters import president_post
from verification.models import CommunityReview
from verification.presidents_review import sign_off
from verification.tests.factories import pledged, president_of, review_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    community = CommunityFactory.create(name="โรงเจ 1")
    houses = [
        HouseFactory(subdistrict=community.subdistrict, house_no=f"{number}/1", soi="เทอดไท 5", road="เทอดไท")
        for number in range(1, 41)
    ]
    return review_of(community, houses)


@pytest.fixture
def president(review):
    return president_of(review.community, full_name="นายบุญมี ตัวอย่าง")


@pytest.fixture
def desk(review, client):
    client.force_login(appoint(Role.OFFICER, review.community.district))
    return client


def make(client, review, **data):
    address = reverse("verification:letter_make", args=[review.round_id, review.pk])
    return client.post(address, {"purpose": "ให้ประธานตรวจ", **data})


def join(client, review):
    return client.post(reverse("verification:letters_join", args=[review.round_id]))


def pages_of(answer):
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]


def secret_on(pages):
    return re.search(r"/arrive/([\w-]+)/", "".join("".join(pages).split()))[1]


def test_a_letter_says_who_what_and_until_when_and_brings_the_list(desk, review, president):
    assert make(desk, review).status_code == 302
    answer = join(desk, review)
    pages = pages_of(answer)
    letter, house_list = pages[0], "".join(pages[1:])
    assert answer["Content-Type"] == "application/pdf"
    assert "๕๕๐๒/๖๑๒" in letter
    assert "๒๕" in letter  # the Buddhist year
    assert president.username in letter + house_list
    assert all(f"{number}/1" in house_list for number in range(1, 41))
    codes = review.houses.values_list("house__house_code", flat=True)
    assert not any(code in house_list for code in codes)


def test_thai_is_set_in_the_national_font_and_stays_text(desk, review, president):
    make(desk, review)
    reader = PdfReader(io.BytesIO(join(desk, review).content))
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert fonts
    assert all("Sarabun" in font for font in fonts)
    assert "โรงเจ" in reader.pages[0].extract_text()


def test_the_square_opens_the_account_until_the_deadline(desk, review, president):
    make(desk, review)
    secret = secret_on(pages_of(join(desk, review)))
    key = SignInKey.objects.get()
    assert (key.post.person, key.good_until) == (president, review.round.deadline)
    assert desk.get(reverse("communities:first_sign_in", args=[secret])).status_code == 200


def test_a_letter_made_again_leaves_the_square_that_is_on_its_way(desk, review, president):
    make_key(president_post(review), good_until=review.round.deadline, by=review.round.opened_by)
    make(desk, review)
    assert "/arrive/" not in "".join(pages_of(join(desk, review)))
    make(desk, review, anew="on")
    assert "/arrive/" in "".join("".join(pages_of(join(desk, review))).split())
    assert SignInKey.objects.filter(revoked_at=None).count() == 1


def test_without_a_president_the_letter_comes_without_a_square(desk, review):
    make(desk, review)
    assert "/arrive/" not in "".join(pages_of(join(desk, review)))
    assert not SignInKey.objects.exists()


def test_letters_are_joined_in_their_order_and_kept_no_longer(desk, review, president):
    second = review_of(
        CommunityFactory.create(name="สวนพลู", subdistrict=review.community.subdistrict),
        [HouseFactory(subdistrict=review.community.subdistrict, house_no="77/7")],
        round=review.round,
    )
    for each in (second, review, review):
        make(desk, each)
    text = "".join(pages_of(join(desk, review)))
    assert text.index("1/1") < text.index("77/7")
    assert text.count("77/7") == 1
    assert not default_storage.exists(f"letters/{review.round_id}/{review.pk}.pdf")
    assert join(desk, review).status_code == 302


def test_every_print_and_export_is_recorded_and_stamped(desk, review, president):
    make(desk, review)
    join(desk, review)
    address = reverse("verification:house_list", args=[review.pk])
    printed = desk.post(address, {"form": "pdf", "purpose": "ตรวจในพื้นที่"})
    exported = desk.post(address, {"form": "xlsx", "purpose": "ส่งประธาน"})
    assert "ตรวจในพื้นที่" in "".join(pages_of(printed))
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(exported.getvalue())).active.values for cell in row]
    assert "1/1" in cells
    assert any("ส่งประธาน" in str(cell) for cell in cells)
    deeds = list(ListAccess.objects.order_by("pk").values_list("deed", "houses", "purpose"))
    assert deeds == [("printed", 40, "ให้ประธานตรวจ"), ("printed", 40, "ตรวจในพื้นที่"), ("exported", 40, "ส่งประธาน")]


def test_no_list_leaves_the_office_for_nothing(desk, review, president):
    assert make(desk, review, purpose=" ").status_code == 409
    assert desk.post(reverse("verification:house_list", args=[review.pk]), {"form": "pdf"}).status_code == 409
    assert not ListAccess.objects.exists()
    assert not SignInKey.objects.exists()


def test_where_no_pdf_can_be_made_the_same_letter_is_printed_from_the_browser(desk, review, president, monkeypatch):
    monkeypatch.setattr(paper_pdf, "can_print", lambda: False)
    monkeypatch.setattr("verification.views.letters.can_print", lambda: False)
    page = make(desk, review)
    assert page["Content-Type"].startswith("text/html")
    assert "40/1" in page.content.decode()
    assert "paper.css" in page.content.decode()
    with pytest.raises(paper_pdf.NoPrinter):
        paper_pdf.as_pdf("paper/letter.html", {})


def test_a_paper_fetches_nothing_but_the_offices_own_files():
    for address in ("file:///etc/passwd", "http://paper.invalid/../settings.py", "http://example.com/a.css"):
        with pytest.raises(ValueError, match="fetches nothing"):
            paper_pdf.own_file(address)


def test_a_signed_review_has_a_certificate_that_anybody_can_check(client, review, president):
    pledged(review, president)
    assert client.get(reverse("verification:certificate_pdf", args=[review.pk])).status_code == 302  # to sign in
    client.force_login(president)
    assert client.get(reverse("verification:certificate_pdf", args=[review.pk])).status_code == 404
    sign_off(review, name="นายบุญมี ตัวอย่าง", undecided=40, by=president)
    signed = CommunityReview.objects.get()
    [page] = pages_of(client.get(reverse("verification:certificate_pdf", args=[review.pk])))
    assert signed.certificate in page
    client.logout()
    check = client.get(reverse("verification:certificate", args=[signed.certificate.lower()]))
    assert (check.status_code, "โรงเจ 1" in check.content.decode()) == (200, True)
    assert "บุญมี" not in check.content.decode()
    assert client.get(reverse("verification:certificate", args=["A" * 20])).status_code == 404


def test_letters_and_lists_of_another_district_are_not_there(client, review, president):
    for person in (president, appoint(Role.OFFICER, DistrictFactory(code="1099"))):
        client.force_login(person)
        assert client.get(reverse("verification:letters", args=[review.round_id])).status_code == 404
        assert make(client, review).status_code == 404
        assert join(client, review).status_code == 404
        assert client.get(reverse("verification:house_list", args=[review.pk])).status_code == 404


def test_the_page_of_letters_says_what_each_brings(desk, review, president):
    page = desk.get(reverse("verification:letters", args=[review.round_id]))
    assert [line["due"] for line in page.context["lines"]] == [True]
    president.last_login = timezone.now()
    president.save(update_fields=["last_login"])
    page = desk.get(reverse("verification:letters", args=[review.round_id]))
    assert [line["due"] for line in page.context["lines"]] == [False]
