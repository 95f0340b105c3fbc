"""Searches that an officer keeps by a name: kept, opened, removed, brought back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import District, Person

from .models import SavedSearch

LONGEST_NAME = 80
LONGEST_QUERY = 1000


def keep(*, name: str, query: str, district: District, by: Person) -> SavedSearch:
    """Keeps the conditions `query`, as they stand in the address, for the person who asks.

    Raises ValidationError `no_conditions`, `no_name`, `too_long`, `name_taken`.
    """
    name = " ".join(name.replace("\0", " ").split())
    if not query:
        raise ValidationError(_("There is nothing to save: set a condition first."), code="no_conditions")
    if not name:
        raise ValidationError(_("Give the search a name."), code="no_name")
    if len(query) > LONGEST_QUERY or len(name) > LONGEST_NAME:
        raise ValidationError(_("The name or the search is too long to be saved."), code="too_long")
    return _stored(SavedSearch(person=by, district=district, name=name, query=query))


def remove(search: SavedSearch, *, by: Person) -> SavedSearch:
    """Takes the search off its owner's list; a second time changes nothing. Raises ValidationError `not_own`."""
    _refuse_others(search, by)
    SavedSearch.objects.filter(pk=search.pk, removed_at=None).update(removed_at=timezone.now())
    search.refresh_from_db()
    return search


def bring_back(search: SavedSearch, *, by: Person) -> SavedSearch:
    """Puts a removed search back on the list. Raises ValidationError `not_own`, `name_taken`."""
    _refuse_others(search, by)
    search.removed_at = None
    return _stored(search)


def _stored(search: SavedSearch) -> SavedSearch:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as problem:
        taken = _("You have a saved search of the name “%(name)s”.") % {"name": search.name}
        raise ValidationError(taken, code="name_taken") from problem
    return search


def _refuse_others(search: SavedSearch, by: Person) -> None:
    if search.person_id != by.pk:
        raise ValidationError(_("The search belongs to somebody else."), code="not_own")
