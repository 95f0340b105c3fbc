import datetime

import pytest
from django.apps import apps
from django.db import models

from communities.models import Community, District
from communities.scope import ScopedQuerySet, reach_of
from communities.tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    PersonFactory,
    SubdistrictFactory,
    appoint,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def neighbour(community):
    return CommunityFactory()


@pytest.fixture
def elsewhere():
    return CommunityFactory(
        subdistrict=SubdistrictFactory(district=District.objects.get(code="1016"), code="101601", name_th="วัดอรุณ")
    )


def seen(person):
    return set(Community.objects.visible_to(person))


@pytest.mark.parametrize("role", ["officer", "head", "community_development", "director"])
def test_a_role_of_the_district_sees_its_communities_and_no_others(community, neighbour, elsewhere, role):
    assert seen(appoint(role, community.district)) == {community, neighbour}


def test_a_president_sees_the_own_community_alone(community, neighbour, elsewhere):
    assert seen(appoint("president", community)) == {community}


def test_a_city_viewer_sees_the_communities_of_all_districts(community, neighbour, elsewhere):
    assert seen(appoint("city_viewer", None)) == {community, neighbour, elsewhere}


@pytest.mark.parametrize("role", ["administrator"])
def test_an_administrator_sees_no_community_through_the_registry_s_pages(community, role):
    assert seen(appoint(role, community.district)) == set()


def test_without_a_post_nothing_is_seen(community):
    assert seen(PersonFactory()) == set()


def test_a_former_officer_sees_nothing(community):
    post = AppointmentFactory(
        role="officer",
        district=community.district,
        since=datetime.date(2014, 10, 1),
        until=datetime.date(2015, 1, 1),
    )
    assert seen(post.person) == set()


def test_a_district_founded_after_the_city_viewer_s_post_is_within_reach(community):
    viewer = appoint("city_viewer", None)
    founded = SubdistrictFactory(district=District.objects.create(code="1099", name_th="ตัวอย่าง"), code="109901")
    new = CommunityFactory(subdistrict=founded)
    assert new in seen(viewer)


def test_seeing_costs_one_query_more_at_most(community, django_assert_num_queries):
    officer = appoint("officer", community.district)
    with django_assert_num_queries(2):
        list(Community.objects.visible_to(officer))
    with django_assert_num_queries(1):
        list(Community.objects.visible_to(officer))


def test_reach_tells_districts_from_communities(community):
    reach = reach_of(appoint("president", community))
    assert community.pk in frozenset().union(*reach.communities.values())
    assert reach.districts == {}


def scoped_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if isinstance(model._default_manager.all(), ScopedQuerySet)]


def test_every_model_of_a_district_s_rows_is_reached_by_scope():
    """A model with a place of its own is reached through visible_to, or named here with its reason."""
    named = {
        "communities.Subdistrict",  # reference data that everybody may know
        "communities.Appointment",  # asked for by scope itself
        "communities.ClosedMonth",  # written by issuing, read by the database
        "communities.CommunityCode",
        "communities.CommunityName",
        "communities.CommunityTyping",
        "communities.ExpectedHouses",  # reached through their community
    }
    with_place = {
        model._meta.label
        for model in apps.get_app_config("communities").get_models()
        if {"district", "community"} & {field.name for field in model._meta.fields}
    }
    assert with_place - {model._meta.label for model in scoped_models()} == named


@pytest.mark.parametrize("role", ["officer", "president", "city_viewer", "administrator", "director"])
def test_every_scoped_model_can_be_asked_by_every_role(community, role):
    place = {"president": community, "city_viewer": None}.get(role, community.district)
    person = appoint(role, place)
    for model in scoped_models():
        list(model._default_manager.visible_to(person))
