"""`manage.py appoint`: an office's first administrator."""

import json

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from communities.models import Appointment, Person, Role
from communities.roles import Action, may
from communities.tests.factories import CommunityFactory, DistrictFactory

pytestmark = pytest.mark.django_db


def _appoint(capsys, *arguments):
    call_command("appoint", *arguments)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_new_administrator_signs_in_with_the_temporary_password_and_must_replace_it(capsys):
    said = _appoint(capsys, "chief", "--name", "นายเอก", "--role", "administrator")
    person = authenticate(None, username="chief", password=said["temporary_password"])
    assert person.must_change_password
    assert may(person, Action.KEEP_REFERENCE_DATA, DistrictFactory())


def test_a_second_post_of_a_known_person_leaves_the_password_alone(capsys):
    _appoint(capsys, "chief", "--role", "administrator")
    before = Person.objects.get(username="chief").password
    said = _appoint(capsys, "chief", "--role", "officer")
    assert "temporary_password" not in said
    assert Person.objects.get(username="chief").password == before
    assert set(Appointment.objects.values_list("role", flat=True)) == {Role.ADMINISTRATOR, Role.OFFICER}


def test_a_president_is_appointed_to_the_community_of_the_code(capsys):
    community = CommunityFactory.create(code="10150077")
    _appoint(capsys, "boonmee", "--role", "president", "--community", "10150077")
    assert Appointment.objects.get().community == community


@pytest.mark.parametrize(
    "arguments",
    [
        ("--role", "president", "--community", "99999999"),
        ("--role", "officer", "--district", "9999"),
        ("--role", "officer", "--since", "yesterday"),
    ],
)
def test_a_post_without_a_place_or_day_leaves_no_account_behind(arguments):
    with pytest.raises(CommandError):
        call_command("appoint", "nobody", *arguments)
    assert not Person.objects.filter(username="nobody").exists()


def test_a_head_is_appointed_registrar_in_anothers_place(capsys):
    DistrictFactory()
    _appoint(capsys, "wichai", "--role", "head", "--registrar")
    _appoint(capsys, "somsri", "--role", "head", "--registrar", "--acting-for", "wichai")
    post = Appointment.objects.get(person__username="somsri")
    assert (post.is_registrar, post.acting_for.username) == (True, "wichai")


def test_an_officer_is_no_registrar_and_nobody_acts_for_a_stranger(capsys):
    DistrictFactory()
    with pytest.raises(CommandError):
        _appoint(capsys, "somsri", "--role", "officer", "--registrar")
    with pytest.raises(CommandError, match="nobody"):
        _appoint(capsys, "somsri", "--role", "head", "--acting-for", "nobody")
    assert not Person.objects.filter(username="somsri").exists()
