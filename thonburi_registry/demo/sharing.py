"""How the demo's communities are shared out among its officers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.utils import timezone

from communities.models import Community, Person
from communities.thai_calendar import buddhist_year
from communities.thai_text import to_thai_digits
from households.assignments import assign, hand_over

from .places import FIRST_ROUND_WITH_HOUSES, DemoCommunity

# The papers and their days are the source's; who got which community is not in it and is made up.
MADE_UP = "(การแบ่งสมมติขึ้นในชุดสาธิต)"
FIRST_LETTER, FIRST_DAY = f"กท ๕๕๐๒/๔๗๓ {MADE_UP}", datetime.date(2015, 1, 16)
ORDER, ORDER_DAY = f"๔๙/๒๕๕๘ {MADE_UP}", datetime.date(2015, 1, 30)
DAYS_AWAY = 5


def worker_of(place: int) -> str:
    """The user name of whoever works on the community at this place of its round, in Thonburi."""
    return "officer" if place % 2 else "officerb"


def share_out_thonburi(
    demo: Sequence[DemoCommunity], communities: Mapping[str, Community], people: Mapping[str, Person]
) -> None:
    """The first round's communities by the letter of January, all by the order that set up the working group."""
    theirs: dict[str, list[DemoCommunity]] = {"officer": [], "officerb": []}
    for round_no in sorted({community.round_no for community in demo}):
        for place, community in enumerate(one for one in demo if one.round_no == round_no):
            theirs[worker_of(place)].append(community)
    for username, given in theirs.items():
        first = [one for one in given if one.round_no == FIRST_ROUND_WITH_HOUSES]
        for chosen, number, day in ((first, FIRST_LETTER, FIRST_DAY), (given, ORDER, ORDER_DAY)):
            assign(
                [communities[one.code] for one in chosen],
                officer=people[username],
                order_number=number,
                order_date=day,
                since=day,
                by=people["head"],
            )


def share_out_second(
    shares: Mapping[str, Sequence[Community]],
    *,
    lent: Sequence[Community],
    people: Mapping[str, Person],
    since: datetime.date,
) -> None:
    """Each user name's communities by one order; `lent` of the second officer go to the first one for some days."""
    for username, communities in shares.items():
        assign(
            communities,
            officer=people[username],
            order_number=to_thai_digits(f"7/{buddhist_year(since)} (ชุดสาธิต)"),
            order_date=since,
            since=since,
            by=people["head99"],
        )
    today = timezone.localdate()
    hand_over(
        people["officer99b"],
        to=people["officer99"],
        district=lent[0].district,
        since=today,
        until=today + datetime.timedelta(days=DAYS_AWAY),
        order_number=to_thai_digits(f"9/{buddhist_year(today)} (ชุดสาธิต)"),
        order_date=today,
        communities=lent,
        by=people["head99"],
    )
