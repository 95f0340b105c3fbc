"""Receiving a file in the browser: the form, the columns, whose list is which."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households import house_lists
from households.models import HouseList, RememberedColumns, Sender, TaggingBatch
from households.tests.desk import HEADER, SUBDISTRICT, file_of, houses, signed_in, typed
from households.tests.intake import book_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestReceiving:
    def send(self, desk, community, data, name="บัญชี.csv", **fields):
        given = {"community": community.pk, "file": SimpleUploadedFile(name, data), **fields}
        return desk.post(reverse("households:list_receive"), given)

    def test_a_list_is_kept_with_its_letter_and_leads_to_what_was_recognised(self, desk, community, officer):
        answer = self.send(
            desk,
            community,
            file_of(typed("1/1")),
            sender="ฝ่ายพัฒนาชุมชน",
            letter="กท ๕๕๐๒/๓๑",
            received_on="15 ม.ค. 2558",
        )
        kept = HouseList.objects.get()
        assert answer.url == reverse("households:list", args=[kept.pk])
        assert (str(kept.sender), kept.letter, kept.received_by) == ("ฝ่ายพัฒนาชุมชน", "กท ๕๕๐๒/๓๑", officer)
        assert kept.received_on == datetime.date(2015, 1, 15)
        assert not TaggingBatch.objects.exists()

    def test_the_community_of_the_address_is_chosen_already(self, desk, community):
        answer = desk.get(reverse("households:list_receive"), {"community": "10150007"})
        assert answer.context["form"].initial["community"] == community.pk

    def test_an_empty_date_means_today(self, desk, community):
        self.send(desk, community, file_of(typed("1/1")), received_on="")
        assert HouseList.objects.get().received_on == timezone.localdate()

    def test_the_same_file_again_leads_to_the_known_list_and_says_so(self, desk, community):
        first = self.send(desk, community, file_of(typed("1/1")))
        second = self.send(desk, community, file_of(typed("1/1")))
        assert second.url == first.url
        assert "received before" in desk.get(second.url).content.decode()
        assert HouseList.objects.count() == 1

    @pytest.mark.parametrize(
        ("data", "fields", "field"),
        [
            (b"<html>no list</html>", {}, "file"),
            (b"", {}, "file"),
            (HEADER.encode(), {}, "file"),
            (b"PK\x03\x04 torn", {}, "file"),
            (file_of(typed("1/1")), {"received_on": "1 ม.ค. 2999"}, "received_on"),
            (file_of(typed("1/1")), {"received_on": "yesterday"}, "received_on"),
            (file_of(typed("1/1")), {"received_on": f"1 ก{' ' * 50_000}2558"}, "received_on"),
        ],
    )
    def test_what_is_no_list_gets_a_sentence_and_nothing_is_stored(self, desk, community, data, fields, field):
        answer = self.send(desk, community, data, sender="ผู้ส่ง", **fields)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert 'value="ผู้ส่ง"' in answer.content.decode()
        assert not HouseList.objects.exists()

    def test_a_file_that_is_too_large_is_never_read(self, desk, community, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path
        limit = settings.LIST_UPLOAD_LIMIT_BYTES
        answer = self.send(desk, community, b"0" * (limit + 100_000), name="ใหญ่.xlsx", sender="ผู้ส่ง")
        assert answer.status_code == 422
        assert [str(error) for error in answer.context["form"].errors["file"]] == [
            "ใหญ่.xlsx is larger than 20 MB. Nothing was stored; send the list alone, without pictures."
        ]
        assert 'value="ผู้ส่ง"' in answer.content.decode()
        assert list(tmp_path.iterdir()) == []

    def test_a_file_just_above_the_limit_is_refused_though_its_form_is_not(self, desk, community, settings):
        answer = self.send(desk, community, b"0" * (settings.LIST_UPLOAD_LIMIT_BYTES + 1))
        assert answer.status_code == 422
        assert "larger than 20 MB" in answer.content.decode()

    def test_the_token_is_still_asked_for(self, officer, community):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(officer)
        assert self.send(strict, community, file_of(typed("1/1"))).status_code == 403

    def test_a_community_elsewhere_cannot_be_chosen(self, desk):
        elsewhere = CommunityFactory.create(subdistrict=SubdistrictFactory(district=DistrictFactory(code="1016")))
        assert self.send(desk, elsewhere, file_of(typed("1/1"))).status_code == 422
        assert not HouseList.objects.exists()


class TestColumns:
    """Which column is which, where no row says so."""

    @pytest.fixture
    def without_header(self):
        return "\n".join(["บัญชีเลขที่บ้าน,,,,"] + [typed(f"1/{n}", note="เก่า") for n in range(1, 6)]).encode()

    def send(self, desk, community, data, **fields):
        given = {"community": community.pk, "file": SimpleUploadedFile("บัญชี.csv", data), **fields}
        return desk.post(reverse("households:list_receive"), given)

    ANSWER = {"column_1": "house_no", "column_2": "soi", "column_3": "road", "column_4": "subdistrict", "first_row": 2}

    def test_a_person_is_asked_with_a_guess_and_five_rows_and_nothing_is_stored(self, desk, community, without_header):
        answer = self.send(desk, community, without_header, sender="ฝ่ายพัฒนาชุมชน")
        page = desk.get(answer.url)
        columns = list(page.context["form"].columns())
        assert [column["field"].value() for column in columns] == ["", "house_no", "soi", "road", "subdistrict", ""]
        assert [len(column["samples"]) for column in columns] == [5] * 6
        assert columns[1]["samples"][0] == "1/1"
        assert not HouseList.objects.exists()
        assert not Sender.objects.exists()

    def test_the_answer_reads_the_list_and_is_remembered_for_the_sender(
        self, desk, community, subdistrict, officer, without_header
    ):
        houses(subdistrict, "1/1")
        address = self.send(desk, community, without_header, sender="ฝ่ายพัฒนาชุมชน").url
        answer = desk.post(address, self.ANSWER)
        kept = HouseList.objects.get()
        assert answer.url == reverse("households:list", args=[kept.pk])
        assert (kept.records.count(), kept.records.first().grade) == (5, "exact")
        assert kept.records.first().cells == [None, "1/1", "เทอดไท 5", "เทอดไท", SUBDISTRICT, None]
        assert RememberedColumns.objects.get().said_by == officer
        assert "remembered" not in desk.get(answer.url).content.decode()
        # The draft is gone, and the sender's next file of this layout asks nothing.
        assert desk.get(address).status_code == 404
        again = self.send(desk, community, without_header + b"\n,", sender=" ฝ่ายพัฒนาชุมชน ")
        latest = HouseList.objects.first()
        assert again.url == reverse("households:list", args=[latest.pk])
        assert {notice["code"] for notice in latest.notices} >= {"columns_remembered"}
        assert "as a person named them" in desk.get(again.url).content.decode()
        assert RememberedColumns.objects.count() == 1

    def test_headings_in_unknown_words_are_known_again(self, desk, community):
        data = "\n".join(["ก,ข,ค", "5/1,เทอดไท 5,นายดี", "5/2,เทอดไท 5,นายมี"]).encode()
        address = self.send(desk, community, data, sender="ชุมชน").url
        desk.post(address, {"column_0": "house_no", "column_1": "soi", "first_row": 2})
        assert RememberedColumns.objects.get().headings == ["ก", "ข", "ค"]
        other = "\n".join(["หนังสือนำส่ง", "ก,ข,ค", "5/3,เทอดไท 5,นายสี"]).encode()
        assert self.send(desk, community, other, sender="ชุมชน").url.startswith("/lists/")
        assert list(HouseList.objects.first().records.values_list("house_no", flat=True)) == ["5/3"]

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({"column_1": "", "column_2": "soi"}, "which column holds the house number"),
            ({"column_0": "house_no"}, "Two columns were given for: house number"),
            ({"column_1": "soi", "column_2": "house_no"}, "no row from there on holds a house number"),
            ({"first_row": "99"}, ""),
            ({"first_row": "x"}, ""),
        ],
    )
    def test_an_answer_by_which_no_house_is_found_is_refused(self, desk, community, without_header, answer, said):
        address = self.send(desk, community, without_header).url
        page = desk.post(address, self.ANSWER | answer)
        assert page.status_code == 422
        assert said in page.content.decode()
        assert not HouseList.objects.exists()

    def test_nobody_else_reaches_a_file_that_waits(self, client, desk, district, community, without_header):
        address = self.send(desk, community, without_header).url
        signed_in(client, appoint(Role.OFFICER, district))
        assert client.get(address).status_code == 404
        assert client.post(address, self.ANSWER).status_code == 404


class TestNamingColumns:
    """A person says which sheet is the list and which column is which, although something was recognised."""

    HEADER = ["ลำดับ", "บ้านเลขที่", "เลขที่ปัจจุบัน", "ซอย", "ถนน", "แขวง"]
    ANSWER = {"column_2": "house_no", "column_3": "soi", "column_4": "road", "column_5": "subdistrict", "first_row": 2}

    @pytest.fixture
    def data(self):
        rows = [[n, f"1/{n}", f"2/{n}", "เทอดไท 5", "เทอดไท", SUBDISTRICT] for n in range(1, 4)]
        sheets = {"ปก": [["บัญชี"]], "บัญชี": [self.HEADER, *rows], "ว่าง": [], "จริง": [self.HEADER, *rows[:2]]}
        return book_file(sheets, hidden=["จริง"])

    @pytest.fixture
    def kept(self, officer, community, data):
        return house_lists.receive(
            data=data,
            file_name="บัญชี.xlsx",
            community=community,
            by=officer,
            received_on=datetime.date(2015, 1, 15),
            sender="ฝ่ายพัฒนาชุมชน",
            letter="กท 1",
        ).lists[0]

    def send(self, desk, community, data, **fields):
        given = {"community": community.pk, "file": SimpleUploadedFile("บัญชี.xlsx", data), "names_columns": "on"}
        return desk.post(reverse("households:list_receive"), given | fields)

    def test_the_lists_page_leads_to_the_form_filled_with_all_that_was_said(self, desk, community, kept):
        address = f"{reverse('households:list_receive')}?again={kept.pk}&corrects={kept.pk}"
        assert address.replace("&", "&amp;") in desk.get(reverse("households:list", args=[kept.pk])).content.decode()
        page = desk.get(address)
        offered = page.context["form"].initial
        assert (offered["community"], offered["corrects"], offered["names_columns"]) == (community.pk, kept.pk, True)
        assert (str(offered["sender"]), offered["letter"]) == ("ฝ่ายพัฒนาชุมชน", "กท 1")
        assert offered["received_on"] == datetime.date(2015, 1, 15)
        assert "Choose “บัญชี.xlsx” again" in page.content.decode()

    def test_what_was_recognised_is_filled_in_and_the_other_sheets_can_be_chosen(self, desk, community, data):
        address = self.send(desk, community, data).url
        page = desk.get(address)
        assert page.context["sheet"].name == "บัญชี"
        columns = [column["field"].value() for column in page.context["form"].columns()]
        assert columns == ["", "house_no", "", "soi", "road", "subdistrict"]
        assert page.context["form"]["first_row"].value() == 2
        assert [sheet.name for _place, sheet in page.context["sheets"]] == ["ปก", "บัญชี", "จริง"]
        assert "จริง (hidden)" in page.content.decode()
        assert desk.get(f"{address}?sheet=3").context["sheet"].name == "จริง"
        assert desk.get(f"{address}?sheet=2").context["sheet"].name == "บัญชี"
        assert desk.get(f"{address}?sheet={'9' * 99}").context["sheet"].name == "บัญชี"

    def test_the_list_is_read_anew_in_the_place_of_the_first(self, desk, community, data, kept):
        address = self.send(desk, community, data, corrects=kept.pk, sender="ฝ่ายพัฒนาชุมชน").url
        answer = desk.post(address, self.ANSWER)
        latest = HouseList.objects.first()
        assert answer.url == reverse("households:list", args=[latest.pk])
        assert (latest.corrects, latest.records.first().house_no) == (kept, "2/1")
        assert RememberedColumns.objects.get().columns["house_no"] == 2
        assert "The columns were named by a person" in desk.get(answer.url).content.decode()
        old = desk.get(reverse("households:list", args=[kept.pk])).content.decode()
        assert "To the list read anew" in old
        assert "again=" not in old

    def test_a_file_that_holds_nothing_is_refused_in_a_sentence(self, desk, community):
        answer = self.send(desk, community, book_file({"ว่าง": []}))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["file"]

    def test_the_columns_are_asked_for_before_whose_list_it_is(self, desk, community, data):
        given = {"file": SimpleUploadedFile("บัญชี.xlsx", data), "names_columns": "on"}
        address = desk.post(reverse("households:list_receive"), given).url
        assert desk.get(address.replace("/columns/", "/lists/")).url == address
        answer = desk.post(address, self.ANSWER)
        assert answer.url == address.replace("/columns/", "/lists/")
        [part] = desk.get(answer.url).context["form"].parts()
        assert part["rows"][0]["cells"] == ["1", "2/1", "เทอดไท 5", "เทอดไท", SUBDISTRICT]

    def test_another_sheet_is_read_and_the_one_recognised_is_not(self, desk, community, data):
        address = self.send(desk, community, data).url
        desk.post(f"{address}?sheet=3", self.ANSWER)
        assert list(HouseList.objects.values_list("sheet", flat=True)) == ["จริง"]

    def test_a_sheet_that_was_passed_over_is_offered_beside_the_notice(self, desk, kept):
        page = desk.get(reverse("households:list", args=[kept.pk])).content.decode()
        assert f'{reverse("households:list_receive")}?again={kept.pk}"' in page

    def test_the_same_columns_say_that_nothing_was_changed(self, desk, community, data, kept):
        address = self.send(desk, community, data, corrects=kept.pk).url
        answer = desk.post(address, self.ANSWER | {"column_1": "house_no", "column_2": ""}, follow=True)
        assert "nothing was changed" in answer.content.decode()
        assert HouseList.objects.count() == 1

    def test_what_two_officers_say_one_after_the_other_is_refused_in_a_sentence(self, desk, community, data, kept):
        first, second = (self.send(desk, community, data, corrects=kept.pk).url for _time in range(2))
        desk.post(first, self.ANSWER)
        answer = desk.post(second, self.ANSWER | {"column_3": ""})
        assert answer.status_code == 422
        assert "was corrected already" in answer.content.decode()

    def test_who_may_not_receive_lists_is_not_offered_it(self, client, district, kept):
        signed_in(client, appoint(Role.DIRECTOR, district))
        assert "again=" not in client.get(reverse("households:list", args=[kept.pk])).content.decode()

    @pytest.mark.parametrize("number", ["0", "x", "9" * 99])
    def test_a_list_that_is_not_there_offers_nothing(self, desk, number):
        page = desk.get(reverse("households:list_receive"), {"again": number, "corrects": number})
        assert page.status_code == 200
        assert "names_columns" not in page.context["form"].initial


class TestSorting:
    """Whose list is which, where a file holds several."""

    @pytest.fixture
    def neighbour(self, subdistrict):
        return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="ชุมชนโรงเจ 11")

    @pytest.fixture
    def file(self):
        header = HEADER.split(",")
        rows = [[1, f"1/{n}", "เทอดไท 5", "เทอดไท", SUBDISTRICT, None] for n in range(1, 4)]
        sheets = {"โรงเจ 1": [header, *rows[:2]], "โรงเจ 11": [header, rows[2]], "ไม่มีชื่อ": [header, rows[0]]}
        return SimpleUploadedFile("สองชุมชน.xlsx", book_file(sheets))

    def test_each_list_is_shown_with_the_community_it_names_and_kept_as_chosen(self, desk, community, neighbour, file):
        address = desk.post(reverse("households:list_receive"), {"file": file}).url
        page = desk.get(address)
        assert "This file holds 3 lists" in page.content.decode()
        parts = list(page.context["form"].parts())
        assert [part["field"].value() for part in parts] == [community.pk, neighbour.pk, None]
        assert [len(part["rows"]) for part in parts] == [2, 1, 1]
        assert not HouseList.objects.exists()
        chosen = {part["field"].name: part["field"].value() or "" for part in parts}
        answer = desk.post(address, chosen, follow=True)
        assert "2 lists were received" in answer.content.decode()
        kept = dict(HouseList.objects.values_list("sheet", "community"))
        assert kept == {"โรงเจ 1": community.pk, "โรงเจ 11": neighbour.pk}
        assert len({one.file_id for one in HouseList.objects.all()}) == 1
        assert desk.get(address).status_code == 404

    def test_a_chosen_community_is_asked_about_where_the_file_names_several(self, desk, community, neighbour, file):
        answer = desk.post(reverse("households:list_receive"), {"file": file, "community": neighbour.pk})
        parts = list(desk.get(answer.url).context["form"].parts())
        assert [part["field"].value() for part in parts] == [community.pk, neighbour.pk, neighbour.pk]

    def test_nothing_chosen_is_refused(self, desk, community, neighbour, file):
        address = desk.post(reverse("households:list_receive"), {"file": file}).url
        page = desk.post(address, {})
        assert page.status_code == 422
        assert "Choose a community for at least one list" in page.content.decode()

    def test_a_file_without_a_community_names_its_own_on_the_page(self, desk, community):
        data = "\n".join(["บัญชีบ้าน ชุมชนโรงเจ 1", HEADER, typed("1/1")]).encode()
        address = desk.post(reverse("households:list_receive"), {"file": SimpleUploadedFile("a.csv", data)}).url
        [part] = desk.get(address).context["form"].parts()
        assert part["field"].value() == community.pk

    def test_somebody_of_two_districts_says_which_community(self, desk, officer, community):
        officer.appointments.create(
            role=Role.OFFICER, district=DistrictFactory(code="1016"), since=datetime.date(2015, 1, 1)
        )
        answer = desk.post(reverse("households:list_receive"), {"file": SimpleUploadedFile("a.csv", HEADER.encode())})
        assert list(answer.context["form"].errors) == ["community"]


class TestNotices:
    def test_what_there_is_to_tell_stands_on_the_lists_page(self, desk, officer, community):
        header = ["ลำดับ", "บ้านเลขที่", "ชื่อ-สกุล", "ซอย", "ถนน", "แขวง"]
        row = [1, "1/1", "นางสมศรี", "เทอดไท 5", "เทอดไท", SUBDISTRICT]
        data = book_file({"บัญชี": [["ชุมชนอื่น"], header, row], "ปก": [["บัญชี"]]})
        received = house_lists.receive(data=data, file_name="a.xlsx", community=community, by=officer)
        page = desk.get(reverse("households:list", args=[received.lists[0].pk])).content.decode()
        assert "“ปก” names no column of house numbers" in page
        assert "C ชื่อ-สกุล" in page
        assert "นางสมศรี" not in page
