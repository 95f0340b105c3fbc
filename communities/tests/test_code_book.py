"""The book of codes: which community a code means, and which code a community has."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from communities.code_book import community_of_code, require_code
from communities.models import CommunityCode
from communities.tests.factories import LONG_AGO, CommunityFactory

pytestmark = pytest.mark.django_db


def test_an_unknown_code_is_refused():
    with pytest.raises(ValidationError) as caught:
        community_of_code("99999999")
    assert caught.value.code == "unknown_code"


@pytest.mark.parametrize("typed", [" 10150077\u200b ", "๑๐๑๕๐๐๗๗"])
def test_a_code_is_found_however_it_is_typed_and_also_when_no_longer_in_force(typed):
    community = CommunityFactory(code="10150077")
    CommunityCode.objects.update(in_force_until=datetime.date(2015, 1, 1))
    assert community_of_code(typed) == community


def test_the_code_of_a_day_is_the_one_in_force_on_it():
    community = CommunityFactory(code="10150077")
    assert require_code(community, LONG_AGO) == "10150077"
    with pytest.raises(ValidationError) as caught:
        require_code(community, LONG_AGO - datetime.timedelta(days=1))
    assert caught.value.code == "code_not_in_force"
