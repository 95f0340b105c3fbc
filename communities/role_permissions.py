"""Django's permissions, derived from the table of roles: nothing is ticked by hand, and nobody may delete."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.db.models import Model
from django.utils import timezone

from .models import (
    Appointment,
    Community,
    CommunityCode,
    CommunityName,
    CommunityType,
    CommunityTyping,
    District,
    ExpectedHouses,
    Person,
    Subdistrict,
)
from .roles import Action
from .scope import ScopedQuerySet, posts_held_today, reach_of

# Accounts and reference data: what an administrator keeps.
KEPT = (
    Person,
    Appointment,
    District,
    Subdistrict,
    CommunityType,
    Community,
    CommunityCode,
    CommunityName,
    CommunityTyping,
    ExpectedHouses,
)


class RolePermissions(ModelBackend):
    """Signs a person in by password; every permission follows from the appointments of today."""

    def get_user(self, user_id: int) -> Person | None:
        """The signed-in person together with the posts of today, on which every page depends: one query."""
        posts = list(posts_held_today().filter(person=user_id).select_related("person", "district"))
        if not posts:
            return super().get_user(user_id)
        person = posts[0].person
        person._posts = (timezone.localdate(), posts)
        return person

    def get_user_permissions(self, user_obj, obj=None) -> set[str]:
        """What the person may do with some row of a table; which rows, each page asks the row's own scope."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return permissions_of(user_obj)

    def get_group_permissions(self, user_obj, obj=None) -> set[str]:
        """None: the office has roles, not groups."""
        return set()


def permissions_of(person: Person) -> set[str]:
    """Permissions in Django's words: an administrator keeps reference data, others read what their role opens."""
    return {*_keeping(person), *_reading(person)}


def _keeping(person: Person) -> Iterator[str]:
    if reach_of(person).in_districts([Action.KEEP_REFERENCE_DATA]):
        for model in KEPT:
            yield from (_permission(deed, model) for deed in ("view", "add", "change"))


def _reading(person: Person) -> Iterator[str]:
    """Tables whose rows lie in a district, for those who see its houses; all others have pages of their own."""
    reach = reach_of(person)
    if not reach.in_districts([Action.SEE_HOUSES]):
        return
    for model in apps.get_models():
        rows = model._default_manager.none()
        if model not in KEPT and isinstance(rows, ScopedQuerySet) and reach.in_districts(rows.district_actions):
            yield _permission("view", model)


def _permission(deed: str, model: type[Model]) -> str:
    return f"{model._meta.app_label}.{deed}_{model._meta.model_name}"
