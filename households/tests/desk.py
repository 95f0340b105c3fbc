"""What the tests of the officer's pages on lists do: type a list, receive it, look at a row, count queries."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from households import house_lists
from households.models import HouseList, HouseNumberRecord, HouseRegistration
from households.tests.factories import HouseFactory

HEADER = "ลำดับ,บ้านเลขที่,ซอย,ถนน,แขวง,หมายเหตุ"
SUBDISTRICT = "ตลาดพลู"


def signed_in(client, person):
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def typed(number, soi="เทอดไท 5", road="เทอดไท", subdistrict=SUBDISTRICT, note=""):
    return f"1,{number},{soi},{road},{subdistrict},{note}"


def file_of(*lines) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def received(community, by, *lines, name="list.csv") -> HouseList:
    return house_lists.receive(data=file_of(*lines), file_name=name, community=community, by=by).lists[0]


def houses(subdistrict, *numbers, **address) -> list[HouseRegistration]:
    return [HouseFactory(subdistrict=subdistrict, house_no=number, **address) for number in numbers]


def row_of(house_list, number) -> HouseNumberRecord:
    return house_list.records.get(row=number)


def shown_pair(record) -> str:
    return f"{record.pk}-{record.matches.get(rank=1).house_id}"


def queries_of(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def community_houses(community):
    return (
        HouseRegistration.objects.filter(community=community)
        .order_by("number_order")
        .values_list("house_no", flat=True)
    )
