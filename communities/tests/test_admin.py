"""The admin: an administrator keeps accounts and reference data, sees no house, deletes nothing, gets no more power."""

import datetime

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from communities.models import Appointment, Community, CommunityCode, Person, Role, Subdistrict
from communities.role_permissions import permissions_of
from communities.tests.factories import (
    CommunityFactory,
    DistrictFactory,
    PersonFactory,
    SubdistrictFactory,
    appoint,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return DistrictFactory()


@pytest.fixture
def administrator(district):
    return appoint(Role.ADMINISTRATOR, district)


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


def inline(prefix: str, *rows: dict[str, object], initial: int = 0) -> dict[str, object]:
    form = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return form | {f"{prefix}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


NO_INLINES = inline("codes") | inline("names") | inline("typings") | inline("expectations")


def test_an_administrator_sees_reference_data_and_no_house_data(office) -> None:
    text = office.get("/admin/").content.decode()
    for table in ("person", "appointment", "district", "subdistrict", "communitytype", "community"):
        assert f"/admin/communities/{table}/" in text
        assert office.get(f"/admin/communities/{table}/").status_code == 200
    assert "/admin/households/" not in text
    for table in ("houseregistration", "houselist", "taggingbatch"):
        assert office.get(f"/admin/households/{table}/").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.DIRECTOR])
def test_the_register_is_read_only_for_those_who_may_see_houses(client, district, role) -> None:
    client.force_login(appoint(role, district))
    assert client.get("/admin/households/houseregistration/").status_code == 200
    assert client.get("/admin/households/houseregistration/add/").status_code == 404
    assert client.get("/admin/communities/person/").status_code == 404


def test_a_city_viewer_finds_neither_houses_nor_reference_data(client) -> None:
    client.force_login(appoint(Role.CITY_VIEWER, None))
    for table in ("households/houseregistration", "households/taggingbatch", "communities/community"):
        assert client.get(f"/admin/{table}/").status_code == 404


@pytest.mark.parametrize("appointed", [True, False])
def test_the_admin_is_not_there_for_a_president_or_without_a_post(client, appointed) -> None:
    client.force_login(appoint(Role.PRESIDENT, CommunityFactory()) if appointed else PersonFactory())
    assert client.get("/admin/").status_code == 404
    assert client.get("/admin/login/").status_code == 404


def test_nothing_registered_can_be_deleted(rf, administrator) -> None:
    request = rf.get("/")
    request.user = administrator
    assert [table for table in admin.site._registry.values() if table.has_delete_permission(request)] == []
    assert [name for name in permissions_of(administrator) if "delete" in name] == []


def test_the_column_is_staff_opens_nothing_and_nobody_is_superuser(client) -> None:
    person = PersonFactory(is_staff=True)
    client.force_login(person)
    assert client.get("/admin/").status_code == 404
    with pytest.raises(IntegrityError, match="nobody_is_superuser"):
        PersonFactory(is_superuser=True)


def test_permissions_end_with_the_post(client, administrator) -> None:
    administrator.appointments.update(until=datetime.date(2015, 1, 1))
    assert permissions_of(Person.objects.get(pk=administrator.pk)) == set()


# --- accounts ---


def test_a_new_account_has_no_password_until_the_office_hands_one_out(office, district) -> None:
    body = {"username": "somsri", "full_name": "สมศรี ตัวอย่าง", "is_active": "on", "password": "chosen-here"}
    post = {"role": Role.OFFICER, "district": district.pk, "since": "1 ก.พ. 2558"}
    answer = office.post("/admin/communities/person/add/", body | inline("appointments", post))
    assert answer.status_code == 302
    made = Person.objects.get(username="somsri")
    assert not made.has_usable_password()
    assert made.must_change_password
    assert made.appointments.get().since == datetime.date(2015, 2, 1)


def test_the_password_is_neither_shown_nor_taken(office, district) -> None:
    person = appoint(Role.OFFICER, district)
    before = person.password
    address = reverse("admin:communities_person_change", args=[person.pk])
    assert before not in office.get(address).content.decode()
    office.post(address, {"username": person.username, "full_name": "ใหม่", "password": "x"} | inline("appointments"))
    person.refresh_from_db()
    assert (person.password, person.full_name) == (before, "ใหม่")


def test_accounts_of_another_district_are_not_there(office) -> None:
    foreign = appoint(Role.OFFICER, DistrictFactory(code="1099"))
    president = appoint(Role.PRESIDENT, CommunityFactory())
    shown = office.get("/admin/communities/person/").context["cl"].queryset
    assert foreign not in shown
    assert president in shown
    assert office.get(reverse("admin:communities_person_change", args=[foreign.pk])).status_code == 302


def test_administrators_appoint_others_in_their_district_only(office, administrator, district) -> None:
    person = PersonFactory()
    body = {"person": person.pk, "role": Role.OFFICER, "since": "2015-02-01"}
    add = "/admin/communities/appointment/add/"
    assert office.post(add, body | {"district": DistrictFactory(code="1099").pk}).status_code == 200
    assert office.post(add, body | {"role": Role.CITY_VIEWER}).status_code == 200
    assert office.post(add, body | {"person": administrator.pk, "district": district.pk}).status_code == 200
    assert not Appointment.objects.exclude(person=administrator).exists()
    assert office.post(add, body | {"district": district.pk}).status_code == 302


def test_the_own_posts_cannot_be_prolonged(office, administrator) -> None:
    own = administrator.appointments.get()
    page = office.get(reverse("admin:communities_appointment_change", args=[own.pk]))
    assert not page.context["has_change_permission"]
    row = {"id": own.pk, "person": administrator.pk, "role": Role.HEAD, "since": "2015-01-01"}
    body = {"username": administrator.username, "full_name": "x"} | inline("appointments", row, initial=1)
    office.post(reverse("admin:communities_person_change", args=[administrator.pk]), body)
    assert administrator.appointments.get().role == Role.ADMINISTRATOR


# --- communities ---


def test_a_community_is_added_with_what_is_true_of_it_and_by_whom(office, administrator) -> None:
    place = SubdistrictFactory()
    day = {"in_force_from": "1 ก.พ. 2558"}
    body = {"subdistrict": place.pk} | NO_INLINES
    body |= inline("codes", day | {"code": "๑๐๑๕๐๐๐๗"}) | inline("names", day | {"kind": "official", "name_th": "ก"})
    assert office.post("/admin/communities/community/add/", body).status_code == 302
    made = Community.objects.get()
    assert made.district == place.district
    assert made.codes.get().code == "10150007"
    assert made.codes.get().recorded_by == administrator


@pytest.mark.parametrize("code", ["10150007", "โรงเจ", "123456789"])
def test_a_code_of_another_community_or_shape_is_refused_in_a_sentence(office, code) -> None:
    CommunityFactory(code="10150007")
    second = CommunityFactory(code=None)
    row = {"community": second.pk, "code": code, "in_force_from": "2015-02-01"}
    answer = office.post(
        reverse("admin:communities_community_change", args=[second.pk]), NO_INLINES | inline("codes", row)
    )
    assert answer.status_code == 200
    assert not second.codes.exists()


def test_a_code_given_out_can_be_ended_and_not_rewritten(office) -> None:
    community = CommunityFactory(code="10150007")
    code = community.codes.get()
    row = {"id": code.pk, "community": community.pk, "code": "10159999", "in_force_from": "2010-01-01"}
    row |= {"in_force_until": "1 มี.ค. 2558", "letter": "กท 1"}
    body = NO_INLINES | inline("codes", row, initial=1)
    answer = office.post(reverse("admin:communities_community_change", args=[community.pk]), body)
    assert answer.status_code == 302
    kept = CommunityCode.objects.get(pk=code.pk)
    assert (kept.code, kept.in_force_from) == ("10150007", code.in_force_from)
    assert kept.in_force_until == datetime.date(2015, 3, 1)


def test_communities_of_another_district_are_not_there(office) -> None:
    foreign = CommunityFactory(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099")))
    assert office.get(reverse("admin:communities_community_change", args=[foreign.pk])).status_code == 302
    assert list(office.get("/admin/communities/community/").context["cl"].queryset) == []


# --- handing out and taking in ---


def export(office, table: str) -> str:
    address = f"/admin/communities/{table}/export/"
    form = office.get(address).context["form"]
    formats = {label: value for value, label in form.fields["format"].choices}
    body = {"format": formats["csv"], "resource": ""} | dict.fromkeys(
        (name for name in form.fields if name not in ("format", "resource", "export_items")), "on"
    )
    return office.post(address, body).content.decode()


def test_an_export_keeps_to_the_district_and_writes_formulae_as_text(office) -> None:
    CommunityFactory(code="10150007", name="=HYPERLINK(1)")
    CommunityFactory(name="ที่อื่น", subdistrict=SubdistrictFactory(district=DistrictFactory(code="1099")))
    text = export(office, "community")
    assert "10150007" in text
    assert "ที่อื่น" not in text
    assert ",=HYPERLINK" not in text


def import_subdistricts(office, text: str):
    form = office.get("/admin/communities/subdistrict/import/").context["form"]
    formats = {label: value for value, label in form.fields["format"].choices}
    file = SimpleUploadedFile("subdistricts.csv", text.encode())
    look = office.post("/admin/communities/subdistrict/import/", {"import_file": file, "format": formats["csv"]})
    if not look.context.get("confirm_form"):
        return look
    confirmed = look.context["confirm_form"].initial
    return office.post("/admin/communities/subdistrict/process_import/", confirmed)


def test_subdistricts_are_taken_in_after_a_look(office, district) -> None:
    import_subdistricts(office, f"district,code,name_th,name_en\n{district.code},101599,แขวงใหม่,New\n")
    assert Subdistrict.objects.get(code="101599").name_th == "แขวงใหม่"


def test_subdistricts_of_another_district_are_not_taken_in(office) -> None:
    DistrictFactory(code="1099")
    import_subdistricts(office, "district,code,name_th,name_en\n1099,109901,แขวงใหม่,New\n")
    assert not Subdistrict.objects.filter(code="109901").exists()
