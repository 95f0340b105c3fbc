"""Suggestions measured on houses of known belonging: what is counted, and that nothing is changed by counting."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command

from communities.tests.factories import CommunityFactory, SubdistrictFactory
from households.models import HouseRegistration, TagEvent, TaggingBatch
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import SUBDISTRICT, line, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JANUARY = datetime.date(2015, 1, 20)


@pytest.fixture
def communities():
    subdistrict = SubdistrictFactory(code="101503", name_th=SUBDISTRICT)
    return [CommunityFactory.create(subdistrict=subdistrict, code=f"1015000{n}") for n in (1, 2)]


@pytest.fixture
def lane(communities):
    """Numbers 1 to 39, odd ones only: up to 19 of the first community, but for 9, then of the second."""
    first, second = communities
    for number in range(1, 40, 2):
        house = HouseFactory(subdistrict=first.subdistrict, house_no=str(number))
        tag_event(house, first if number < 20 and number != 9 else second, on=JANUARY)


def measured(**options):
    said = io.StringIO()
    call_command("measure_suggestions", stdout=said, **options)
    lines = said.getvalue().splitlines()
    return lines[:-1], json.loads(lines[-1])


def test_each_tagged_house_is_asked_about_by_its_neighbours_alone(lane, communities):
    received(communities[1], line("9"))

    lines, figures = measured()

    assert figures["alone"]["houses"] == 20
    # Between two of the first community stands one of the second: the neighbours mislead.
    assert figures["alone"]["wrong"] == 1
    assert figures["alone"]["suggested"] == figures["alone"]["right"] + 1
    assert set(figures) == {"alone", "five_per_cent", "half", "community"}
    assert lines[0].startswith("Tagged houses, each asked about alone")


def test_hiding_whole_communities_suggests_none_of_another_in_their_place(lane):
    assert measured()[1]["community"]["houses"] == 20


def test_untagged_houses_are_measured_by_a_truth(lane, communities, tmp_path):
    first, _second = communities
    on_list, beyond = (HouseFactory(subdistrict=first.subdistrict, house_no=number) for number in ("5", "39/1"))
    truth = tmp_path / "truth.csv"
    truth.write_text(f"community,file,row,kind,house_code\n10150001,a.xlsx,2,clean,{on_list.house_code}\n", "utf-8")

    figures = measured(truth=truth)[1]

    assert figures["on_a_list"] == {
        "houses": 1,
        "suggested": 1,
        "right": 1,
        "wrong": 0,
        "precision": 1.0,
        "at_least": 0.05,
    }
    assert figures["on_no_list"]["houses"] == 1
    assert figures["on_no_list"]["right"] == 0
    assert beyond.community is None


def test_nothing_is_changed(lane):
    def counts():
        tagged = HouseRegistration.objects.exclude(community=None)
        return TagEvent.objects.count(), TaggingBatch.objects.count(), tagged.count()

    before = counts()
    measured()
    assert counts() == before


@pytest.mark.parametrize(("district", "said"), [("1015", "nothing to measure by"), ("9999", "9999")])
def test_without_tagged_houses_or_a_district_it_says_so(communities, district, said):
    with pytest.raises(CommandError, match=said):
        measured(district=district)
