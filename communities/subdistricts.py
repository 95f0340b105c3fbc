"""Sub-districts that a table names: those not known yet are recorded with the name it gives them."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.models import District, Subdistrict


def known_or_added(district: District, names: Mapping[str, str], *, place: str) -> dict[str, Subdistrict]:
    """The district's sub-districts by area code, those of `names` (code → Thai name) added where they are new.

    A name known already stays as it is. Raises ValidationError `subdistrict_without_name`, whose sentence begins
    with `place`, where a new code comes without a name or with one that another code has.
    """
    known = {subdistrict.code: subdistrict for subdistrict in Subdistrict.objects.filter(district=district)}
    taken = {subdistrict.name_th for subdistrict in known.values()}
    added = []
    for code in sorted(names.keys() - known.keys()):
        name = names[code]
        if not name or name in taken:
            raise ValidationError(
                _("%(place)s: the sub-district %(code)s is not known, and “%(name)s” cannot be its name."),
                code="subdistrict_without_name",
                params={"place": place, "code": code, "name": name},
            )
        taken.add(name)
        added.append(Subdistrict(district=district, code=code, name_th=name))
    return known | {subdistrict.code: subdistrict for subdistrict in Subdistrict.objects.bulk_create(added)}
