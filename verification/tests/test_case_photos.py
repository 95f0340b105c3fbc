"""Photos of cases: kept once, told where they were used before, handed out as one file."""

import datetime
import io
import uuid
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.tests.factories import HouseFactory
from verification import case_photos
from verification.case_photos import add_photo, cases_with_same_photo, name_in_zip, shown_photos
from verification.models import Case
from verification.tests.case_factories import case_of, photo_of, seen
from verification.tests.factories import photo_to, pledged, president_of, review_of, verdict_on
from verification.tests.odd_images import SCRIPT, jpeg, quarters, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return HouseFactory.create(house_no="41/9")


@pytest.fixture
def case(house):
    return case_of(house)


@pytest.fixture
def officer(case):
    return appoint(Role.OFFICER, case.district)


@pytest.fixture
def add(case, officer):
    """Adds a photo to the case as the officer."""

    def added(content=None, *, to=case, by=officer, key=None, **more):
        return add_photo(to, key=key or uuid.uuid4(), sent=io.BytesIO(content or jpeg()), by=by, **more)

    return added


def refusal(attempt, *args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        attempt(*args, **kwargs)
    return refused.value.code


def another_case(case):
    return case_of(HouseFactory.create(subdistrict=case.house.subdistrict))


def case_elsewhere():
    return case_of(HouseFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099"))))


def a_file(content=None, name="บ้าน.jpg"):
    return SimpleUploadedFile(name, content or jpeg(), "text/html")


def page(name, *args):
    return reverse(f"verification:{name}", args=args)


# --- adding ---


def test_a_photo_is_kept_with_what_its_file_said(add, case, officer):
    photo = add()
    assert (photo.case, photo.sent_by, photo.width, photo.height) == (case, officer, 96, 64)
    with photo.file.open() as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_a_double_tap_keeps_a_photo_once(add, case):
    key = uuid.uuid4()
    first = add(key=key)
    assert add(key=key) == first
    assert add(key=uuid.uuid4()) == first  # the same file, tapped twice
    assert case.photos.count() == 1


def test_a_photo_of_a_visit_belongs_to_its_result(add, case):
    result = seen(case)
    assert add(result=result).result == result
    other = seen(another_case(case))
    assert refusal(add, jpeg(quality=40), result=other) == "other_visit"


def test_the_key_of_another_cases_photo_is_refused(add, case):
    photo = add()
    assert refusal(add, to=another_case(case), key=photo.key) == "key_used"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OFFICER, True),
        (Role.HEAD, True),
        (Role.COMMUNITY_DEVELOPMENT, True),
        (Role.DIRECTOR, False),
        (Role.CITY_VIEWER, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_those_who_visit_or_work_on_cases_add_photos(add, case, role, may):
    person = appoint(role, None if role == Role.CITY_VIEWER else case.district)
    if may:
        assert add(by=person).sent_by == person
    else:
        assert refusal(add, by=person) == "not_your_case"
        assert not case.photos.exists()


def test_an_officer_of_another_district_adds_none(add):
    assert refusal(add, by=appoint(Role.OFFICER, DistrictFactory(code="1099"))) == "not_your_case"


@pytest.mark.parametrize("state", ["struck_off", "stands", "withdrawn"])
def test_a_case_that_has_ended_takes_no_more(add, case, state):
    house = HouseFactory.create(subdistrict=case.house.subdistrict)
    assert refusal(add, to=case_of(house, state=state)) == "ended"


def test_a_case_has_no_more_photos_than_it_may(monkeypatch, add):
    monkeypatch.setattr(case_photos, "MOST_PHOTOS", 1)
    add()
    assert refusal(add, jpeg(quality=40)) == "too_many_photos"


def test_a_page_that_calls_itself_a_photo_is_refused(add, case):
    assert refusal(add, SCRIPT) == "not_a_photo"
    assert not case.photos.exists()


# --- the same photo elsewhere ---


def test_a_photo_of_two_cases_is_told(add, case, officer):
    other = another_case(case)
    photo, same = add(), add(to=other)
    add(jpeg(quality=40))
    assert cases_with_same_photo(photo, officer) == [other]
    assert cases_with_same_photo(same, officer) == [case]
    assert [list(shown.also_in) for shown in shown_photos(case, officer)] == [[other], []]


def test_a_photo_that_a_president_sent_for_another_house_is_told(add, case, officer):
    community = CommunityFactory.create(subdistrict=case.house.subdistrict)
    review = review_of(community, [HouseFactory.create(subdistrict=community.subdistrict)])
    sent = photo_to(verdict_on(review.houses.get(), "demolished", by=pledged(review, president_of(community))))
    other = case_of(review.houses.get().house, verdict=sent.verdict, source=Case.Source.PRESIDENT)
    photo = photo_of(case, fingerprint=sent.fingerprint)
    assert cases_with_same_photo(photo, officer) == [other]
    assert cases_with_same_photo(sent, officer) == [case]
    assert [list(shown.also_in) for shown in shown_photos(case, officer)] == [[other]]


def test_a_case_of_another_district_is_not_told_of(add, case, officer):
    elsewhere = photo_of(case_elsewhere(), fingerprint="a" * 64)
    photo = photo_of(case, fingerprint="a" * 64)
    assert cases_with_same_photo(photo, officer) == []
    assert [list(shown.also_in) for shown in shown_photos(case, officer)] == [[]]
    assert cases_with_same_photo(elsewhere, officer) == [case]


def test_many_photos_cost_no_more_questions_than_one(django_assert_num_queries, case, officer):
    other = another_case(case)
    for nth in range(5):
        photo_of(case, fingerprint=str(nth) * 64)
        photo_of(other, fingerprint=str(nth) * 64)
    officer.appointments.first()
    Case.objects.visible_to(officer)
    with django_assert_num_queries(4):
        assert all(shown.also_in == [other] for shown in shown_photos(case, officer))


# --- pages ---


def test_a_form_sent_twice_keeps_its_photos_once(client, case, officer):
    client.force_login(officer)
    key = uuid.uuid4()
    for _twice in range(2):
        photos = [a_file(), a_file(saved(quarters((100, 100))))]
        answer = client.post(page("case_photos", case.pk), {"key": key, "photo": photos}, follow=True)
    assert case.photos.count() == 2
    assert "เก็บรูปแล้ว" in answer.content.decode()


def test_what_is_no_photo_is_told_and_keeps_the_others(client, case, officer):
    client.force_login(officer)
    photos = [a_file(b"%PDF-1.7", "บ้าน.pdf"), a_file()]
    answer = client.post(page("case_photos", case.pk), {"key": "x", "photo": photos}, follow=True)
    assert "บ้าน.pdf" in answer.content.decode()
    assert case.photos.count() == 1


def test_a_photo_that_is_also_a_page_is_served_as_a_picture_alone(client, case, officer):
    client.force_login(officer)
    client.post(page("case_photos", case.pk), {"photo": a_file(jpeg(comment=SCRIPT) + SCRIPT, "x.html")})
    answer = client.get(page("case_photo", case.pk, case.photos.get().pk))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"script" not in answer.content


def test_the_page_shows_time_place_sender_and_the_other_case(client, case, officer):
    other = another_case(case)
    photo_of(other, fingerprint="b" * 64)
    told = {"taken_at": timezone.now(), "latitude": 13.72, "longitude": 100.485}
    photo = photo_of(case, fingerprint="b" * 64, **told)
    client.force_login(officer)
    for name in ("case_photos", "case"):
        shown = client.get(page(name, case.pk)).content.decode()
        assert all(text in shown for text in ("13.72000, 100.48500", str(photo.sent_by), page("case", other.pk)))
        assert 'capture="environment"' in shown


def test_a_director_sees_photos_and_is_offered_no_form(client, case):
    photo_of(case)
    client.force_login(appoint(Role.DIRECTOR, case.district))
    assert 'type="file"' not in client.get(page("case_photos", case.pk)).content.decode()


def test_the_president_of_the_community_reaches_no_photos(client):
    community = CommunityFactory.create()
    case = case_of(HouseFactory.create(subdistrict=community.subdistrict), community=community)
    photo = photo_of(case)
    client.force_login(president_of(community))
    for address in (
        page("case_photos", case.pk),
        page("case_photo", case.pk, photo.pk),
        page("case_photos_zip", case.pk) + "?purpose=x",
    ):
        assert client.get(address).status_code == 404


# --- one file of many ---


def test_the_photos_of_a_case_are_one_file_and_recorded(client, case, officer):
    photo = photo_of(case, taken_at=datetime.datetime(2015, 3, 11, 2, 30, tzinfo=datetime.UTC))
    client.force_login(officer)
    answer = client.get(page("case_photos_zip", case.pk), {"purpose": "สำนวน"})
    assert answer.streaming
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive, photo.file.open() as file:
        (entry,) = archive.infolist()
        assert entry.filename == f"{case.number}-{case.year_be}_41-9_2558-03-11_0930_{photo.pk}.jpg"
        assert (entry.compress_type, archive.read(entry)) == (zipfile.ZIP_STORED, file.read())
    (record,) = ListAccess.objects.all()
    assert (record.person, record.deed, record.houses, record.purpose) == (officer, "exported", 1, "สำนวน")
    assert str(case) in record.what


def test_a_file_for_nothing_is_refused_and_not_recorded(client, case, officer):
    photo_of(case)
    client.force_login(officer)
    assert client.get(page("case_photos_zip", case.pk)).url == page("case_photos", case.pk)
    assert client.get(page("month_photos_zip"), {"month": "2558-03"}).status_code == 302
    assert not ListAccess.objects.exists()


def test_the_photos_of_a_month_are_those_sent_in_it_in_the_own_district(client, case, officer):
    last_moment = datetime.datetime(2015, 3, 31, 16, 59, 59, tzinfo=datetime.UTC)  # of March in Bangkok
    this, other = (photo_of(each, sent_at=last_moment) for each in (case, another_case(case)))
    photo_of(case, sent_at=last_moment + datetime.timedelta(seconds=1))
    photo_of(case_elsewhere(), sent_at=last_moment)
    client.force_login(officer)
    answer = client.get(page("month_photos_zip"), {"month": "2558-03", "purpose": "รายงาน"})
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.namelist() == [name_in_zip(this), name_in_zip(other)]
    assert ListAccess.objects.get().houses == 2


@pytest.mark.parametrize("month", ["", "2558", "2558-13", "2015-03-01", "มีนาคม", "\0"])
def test_a_month_that_is_none_is_told(client, case, officer, month):
    client.force_login(officer)
    answer = client.get(page("month_photos_zip"), {"month": month, "purpose": "x"}, follow=True)
    assert "2558-03" in answer.content.decode()


def test_a_photo_that_the_store_has_lost_is_named_in_the_file(client, case, officer):
    lost, there = photo_of(case), photo_of(case)
    lost.file.storage.delete(lost.file.name)
    client.force_login(officer)
    answer = client.get(page("case_photos_zip", case.pk), {"purpose": "x"})
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.namelist() == [name_in_zip(there), "!.txt"]
        assert name_in_zip(lost) in archive.read("!.txt").decode()


def test_a_house_number_makes_no_folders_in_the_file(case):
    case.house.house_no = '../..\\a:b*"?<c>|'
    photo = photo_of(case)
    photo.case = case
    photo.refresh_from_db(fields=["sent_at"])
    assert set('/\\:*?<>|"') & set(name_in_zip(photo)) == set()
