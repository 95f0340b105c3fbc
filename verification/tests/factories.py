"""Rounds of review as the office opens them, for tests."""

from __future__ import annotations

import datetime
import io
import uuid
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from communities.models import Community, Person, Role
from communities.tests.factories import CommunityFactory, appoint
from households.models import HouseRegistration
from verification.models import CommunityReview, ListedHouse, Pledge, PledgeText, ReviewRound, Verdict, VerdictPhoto


def round_of(community: Community, *, by: Person | None = None, **fields: object) -> ReviewRound:
    """An open round in the community's district; its letter of today, its deadline a month away."""
    today = timezone.localdate()
    return ReviewRound.objects.create(
        **{
            "district": community.district,
            "number": ReviewRound.objects.filter(district=community.district).count() + 1,
            "year_be": today.year + 543,
            "announcement_date": today,
            "letter_number": "กท 5502/612",
            "letter_date": today,
            "deadline": today + datetime.timedelta(days=30),
            "opened_by": by or appoint(Role.HEAD, community.district),
            **fields,
        }
    )


def review_of(
    community: Community, houses: Sequence[HouseRegistration] = (), *, round: ReviewRound | None = None
) -> CommunityReview:
    """The community's sheet with these houses on its list, in their order."""
    # A test with transactions of its own leaves no wording behind.
    PledgeText.objects.get_or_create(version=1, defaults={"text": "ข้าพเจ้าจะรักษาบัญชีบ้านไว้เป็นความลับ"})
    round = round or round_of(community)
    review = CommunityReview.objects.create(round=round, community=community, place=round.reviews.count() + 1)
    ListedHouse.objects.bulk_create(
        ListedHouse(review=review, house=house, place=place) for place, house in enumerate(houses, 1)
    )
    return review


def pledged(review: CommunityReview, person: Person) -> Person:
    """The person, who has pledged for the review."""
    Pledge.objects.create(review=review, person=person, wording=PledgeText.objects.latest("version"))
    return person


def verdict_on(listed: ListedHouse, kind: str, *, by: Person, **fields: object) -> Verdict:
    """A verdict as the phone sends it."""
    return Verdict.objects.create(
        **{
            "key": uuid.uuid4(),
            "review": listed.review,
            "listed": listed,
            "kind": kind,
            "source": Verdict.Source.PHONE,
            "given_by": by,
            "given_as": Role.PRESIDENT,
            "keyed_by": by,
            **fields,
        }
    )


def photo_to(verdict: Verdict) -> VerdictPhoto:
    """A photo of a few pixels, as it is kept."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "green").save(out, "JPEG")
    kept = {name: ContentFile(out.getvalue(), f"{uuid.uuid4().hex}.jpg") for name in ("file", "thumbnail")}
    return VerdictPhoto.objects.create(
        key=uuid.uuid4(), verdict=verdict, fingerprint="f" * 64, width=4, height=3, sent_by=verdict.given_by, **kept
    )


def president_of(community: Community, **fields: object) -> Person:
    """A person who is president of the community today."""
    return appoint(Role.PRESIDENT, community, **fields)


def signed(review: CommunityReview) -> CommunityReview:
    """The sheet, signed off as it is."""
    review.state, review.ended_by, review.ended_at = (
        CommunityReview.State.SIGNED,
        review.round.opened_by,
        timezone.now(),
    )
    review.signed_name, review.certificate = "นางทองใบ ตัวอย่าง", uuid.uuid4().hex[:20].upper()
    review.right, review.doubtful, review.added, review.undecided = 0, 0, 0, 0
    review.save()
    return review


def signed_review(round: ReviewRound) -> CommunityReview:
    """Another community's sheet of the round, signed off."""
    return signed(review_of(CommunityFactory.create(subdistrict__district=round.district), round=round))
