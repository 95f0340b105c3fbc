"""The electoral roll on paper: as it was issued, with room to sign."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from communities.exports import stamp
from communities.models import Person
from communities.thai_calendar import long_date
from communities.thai_text import to_thai_digits
from verification.house_list_print import lane_in_words

from .committee_size import committee_size
from .models import ElectoralRoll, RollHouse

ROLL = "paper/electoral_roll.html"


@translation.override("th")
def on_paper(roll: ElectoralRoll, *, by: Person, purpose: str) -> Mapping[str, object]:
    """What the paper shows, every text in its final writing, digits Thai as on the office's papers."""
    name = f"{roll.community_code} {roll.community_name}"
    return {
        "title": to_thai_digits(_("Electoral roll of houses, %(community)s") % {"community": name}),
        "office": str(roll.district),
        "day": to_thai_digits(_("Election day %(day)s") % {"day": long_date(roll.election_day)}),
        "letter": to_thai_digits(
            _("Letter %(number)s dated %(day)s") % {"number": roll.letter_no, "day": long_date(roll.letter_date)}
        ),
        "houses": to_thai_digits(f"{roll.house_count:,}"),
        "size": to_thai_digits(str(committee_size(roll.house_count))),
        "lines": [_line(house) for house in roll.houses.all()],
        "stamp": stamp(by, purpose),
    }


def _line(house: RollHouse) -> list[str]:
    texts = (str(house.place), house.house_no, lane_in_words(house), house.subdistrict)
    return [to_thai_digits(text) for text in texts]
