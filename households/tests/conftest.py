"""A district with an officer at the desk and a community's list of every grade; a module may bring its own."""

import pytest
from django.utils import translation

from communities.models import Role
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, appoint
from households.tests.desk import SUBDISTRICT, houses, received, signed_in, typed


@pytest.fixture
def in_english():
    """Pages and sentences in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def district():
    return DistrictFactory(code="1015")


@pytest.fixture
def subdistrict(district):
    return SubdistrictFactory(district=district, code="101505", name_th=SUBDISTRICT)


@pytest.fixture
def community(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150007", name="ชุมชนโรงเจ 1", expected=4)


@pytest.fixture
def officer(district):
    return appoint(Role.OFFICER, district)


@pytest.fixture
def desk(client, officer):
    """The officer's browser, in English."""
    return signed_in(client, officer)


@pytest.fixture
def mixed_list(community, subdistrict, officer):
    """Rows 2 and 3 exact, 4 likely (no sub-district), 5 several (no soi), 6 none; 7 is a total."""
    houses(subdistrict, "1/1", "1/2", "1/3", "1/4")
    houses(subdistrict, "1/4", soi="เทอดไท 7")
    return received(
        community,
        officer,
        typed("1/1"),
        typed("1/2"),
        typed("1/3", subdistrict=""),
        typed("1/4", soi=""),
        typed("99"),
        ",รวม 5 หลัง,,,,",
    )
