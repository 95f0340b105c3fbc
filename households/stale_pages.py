"""Pages that no longer show how houses stand: what is asked from them is refused, with what stood and what stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Community

from .models import HouseRegistration
from .tag_ledger import Standing, Standings

MOST_NAMED = 10


def refuse_moved_since(shown: HouseRegistration, now: HouseRegistration, community: int | None) -> None:
    """Raises `stale_page` with both values where the house has come to a community other than the one shown with it.

    That it has come to `community`, for which it is being decided, does not matter.
    """
    if now.community_id in (shown.community_id, community):
        return
    names = Community.objects.as_at(timezone.localdate()).in_bulk([shown.community_id, now.community_id])
    raise ValidationError(
        _("House %(house)s was shown with %(before)s and now has %(now)s. Nothing was changed; look again."),
        code="stale_page",
        params={
            "house": now,
            "before": names.get(shown.community_id) or _("no community"),
            "now": names.get(now.community_id) or _("no community"),
        },
    )


def refuse_moved(shown: Mapping[int, int | None], now: Mapping[int, Standing]) -> None:
    """Raises `stale_page` with both values where a house (id) has another community (id) than the one shown with it.

    Houses that were shown and are not among `now` do not matter: how many there are is counted by itself.
    """
    changed = [house for house, stands in now.items() if house in shown and shown[house] != stands.community]
    if changed:
        before = {house: Standing(shown[house], "", HouseRegistration.State.LIVE) for house in changed}
        _refuse(changed, before, {house: now[house]._replace(outside="", state="live") for house in changed})


def refuse_changed(looked_at: Standings, now: Standings) -> None:
    """Raises `stale_page` with both values unless just the houses that were looked at stand as they stood."""
    if {stands: set(ids) for stands, ids in looked_at.items()} != {stands: set(ids) for stands, ids in now.items()}:
        before, after = by_house(looked_at), by_house(now)
        _refuse([pk for pk in before.keys() | after.keys() if before.get(pk) != after.get(pk)], before, after)


def by_house(houses: Standings) -> dict[int, Standing]:
    """How each of the houses (ids) stands."""
    return {house: stands for stands, ids in houses.items() for house in ids}


def _refuse(changed: Collection[int], before: Mapping[int, Standing], now: Mapping[int, Standing]) -> None:
    houses = HouseRegistration.objects.filter(pk__in=changed).in_lane_order()
    names = Community.objects.as_at(timezone.localdate()).in_bulk(
        {stands[house].community for stands in (before, now) for house in changed if house in stands} - {None}
    )
    said = [
        _("%(house)s: shown with %(before)s, now %(now)s")
        % {"house": house, "before": in_words(before.get(house.pk), names), "now": in_words(now.get(house.pk), names)}
        for house in houses[:MOST_NAMED]
    ]
    raise ValidationError(
        ngettext(
            "%(number)s house has changed since the page was shown. Nothing was changed; look again. %(houses)s",
            "%(number)s houses have changed since the page was shown. Nothing was changed; look again. %(houses)s",
            houses.count(),
        ),
        code="stale_page",
        params={"number": f"{houses.count():,}", "houses": "; ".join(said)},
    )


def in_words(stands: Standing | None, names: Mapping[int, Community]) -> str:
    """How a house stands, for a sentence: its community's code and name, why it is in none, what became of it."""
    if stands is None:
        return _("not among them")
    if stands.state != HouseRegistration.State.LIVE:
        return str(HouseRegistration.State(stands.state).label)
    if stands.outside:
        return str(HouseRegistration.Outside(stands.outside).label)
    community = names.get(stands.community) if stands.community else None
    return f"{community.label_code} {community.name_th}" if community else _("no community")
