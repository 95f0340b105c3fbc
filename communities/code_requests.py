"""Asking the regional registration centre for the codes of communities, and recording its answers (product.md C2).

A letter asks for the codes of some communities. The centre may answer in parts, and another letter may ask for more.
What was asked is never taken out of a letter again: a draft that is wrong is withdrawn and drafted anew.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .codes import NotACommunityCode, clean_community_code
from .models import CodeRequest, Community, CommunityChange, CommunityCode, District, Person, RequestedCode
from .roles import Action, may
from .thai_calendar import short_date
from .thai_text import clean


class RequestState(models.TextChoices):
    """How far a request is."""

    DRAFTED = "drafted", gettext_lazy("drafted")
    SENT = "sent", gettext_lazy("sent")
    ANSWERED_IN_PART = "answered_in_part", gettext_lazy("answered in part")
    ANSWERED = "answered", gettext_lazy("answered")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request with the communities it asks for, each line with its answer where there is one."""

    request: CodeRequest
    lines: Sequence[RequestedCode]

    @property
    def open_lines(self) -> list[RequestedCode]:
        """The lines that the centre has not answered."""
        return [line for line in self.lines if line.answered_at is None]

    @property
    def answered(self) -> int:
        """How many lines the centre answered."""
        return len(self.lines) - len(self.open_lines)

    @property
    def state(self) -> RequestState:
        """How far the request is."""
        if self.request.withdrawn_at:
            return RequestState.WITHDRAWN
        if not self.request.sent_at:
            return RequestState.DRAFTED
        if not self.answered:
            return RequestState.SENT
        return RequestState.ANSWERED_IN_PART if self.open_lines else RequestState.ANSWERED


@transaction.atomic
def draft_request(
    *, district: District, communities: Collection[int], asked_of: str, by: Person, reason: str = ""
) -> CodeRequest:
    """Drafts the letter that asks for the codes of the communities with these ids.

    Raises ValidationError `not_allowed`, `no_communities`, `not_of_the_district`, `has_a_code`, `asked_already`, and
    those of the fields.
    """
    _refuse_stranger(district, by)
    _lock(district)
    if not communities:
        raise ValidationError(_("Tick the communities for which a code is to be asked."), code="no_communities")
    chosen = list(Community.objects.filter(district=district, pk__in=communities).as_at(timezone.localdate()))
    if len(chosen) != len(set(communities)):
        raise ValidationError(_("A community of another district was ticked."), code="not_of_the_district")
    for community in chosen:
        _refuse_known(community)
    request = CodeRequest(
        district=district,
        batch_no=CodeRequest.objects.filter(district=district).count() + 1,
        asked_of=clean(asked_of),
        reason=reason.strip(),
        drafted_by=by,
    )
    request.full_clean(exclude=["drafted_at"])
    request.save()
    chosen.sort(key=_by_name)
    RequestedCode.objects.bulk_create([RequestedCode(request=request, community=community) for community in chosen])
    return request


@transaction.atomic
def send_request(request: CodeRequest, *, letter_no: str, letter_date: datetime.date, by: Person) -> CodeRequest:
    """Records that the letter went out under this number and date.

    Raises ValidationError `not_allowed`, `withdrawn`, `sent_already`, `letter_missing`, `future_date`.
    """
    locked = _locked(request, by)
    if locked.sent_at:
        raise ValidationError(_("This letter went out already."), code="sent_already")
    number = _letter_number(letter_no)
    _refuse_future(letter_date)
    locked.letter_no, locked.letter_date = number, letter_date
    locked.sent_by, locked.sent_at = by, timezone.now()
    locked.save(update_fields=["letter_no", "letter_date", "sent_by", "sent_at"])
    return locked


@transaction.atomic
def withdraw_request(request: CodeRequest, *, because: str, by: Person) -> CodeRequest:
    """Withdraws what the letter still asks for; codes that were given stay.

    Raises ValidationError `not_allowed`, `withdrawn`, `answered_already`, `reason_missing`, and those of the fields.
    """
    locked = _locked(request, by)
    if not locked.lines.filter(answered_at=None).exists():
        raise ValidationError(_("The centre has answered all of it."), code="answered_already")
    said = clean(because)
    if not said:
        raise ValidationError(_("Say why the request is withdrawn."), code="reason_missing")
    locked.withdrawn_by, locked.withdrawn_at, locked.withdrawn_because = by, timezone.now(), said
    locked.full_clean(exclude=["drafted_at"])
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return locked


@transaction.atomic
def record_answer(
    request: CodeRequest,
    *,
    answer_no: str,
    answer_date: datetime.date,
    in_force_from: datetime.date,
    codes: Mapping[int, str],
    by: Person,
) -> list[CommunityCode]:
    """Records the codes that the centre gave to communities (ids) of the letter; from that day they can be tagged.

    Communities left out, or with an empty text, are still asked for. Raises ValidationError `not_allowed`, `withdrawn`,
    `not_sent`, `letter_missing`, `future_date`, `answer_too_early`, `in_force_too_early`, `no_codes`, `not_asked`,
    `answered_already`, `code_malformed`, `code_twice`, `code_taken`, `has_a_code`.
    """
    locked = _locked(request, by)
    number = _letter_number(answer_no)
    _refuse_days(locked, answer_date, in_force_from)
    given = {community: code for community, code in codes.items() if code.strip()}
    if not given:
        raise ValidationError(_("Write at least one code that the centre gave."), code="no_codes")
    lines = {line.community_id: line for line in locked.lines.filter(community__in=given).order_by("pk")}
    named = Community.objects.as_at(timezone.localdate()).in_bulk(list(given))
    cleaned = _cleaned_codes(given, lines, named)
    _refuse_taken(cleaned, named, in_force_from)
    letter = _("%(number)s dated %(day)s") % {"number": number, "day": short_date(answer_date)}
    begun = CommunityCode.objects.bulk_create(
        [
            CommunityCode(community_id=community, code=code, in_force_from=in_force_from, letter=letter, recorded_by=by)
            for community, code in cleaned.items()
        ]
    )
    for code in begun:
        line = lines[code.community_id]
        line.community_code, line.answer_no, line.answer_date = code, number, answer_date
        line.answered_by, line.answered_at = by, timezone.now()
    fields = ["community_code", "answer_no", "answer_date", "answered_by", "answered_at"]
    RequestedCode.objects.bulk_update(lines.values(), fields)
    return begun


def asked(request: CodeRequest) -> Asked:
    """The request with its lines, each community as it is called today; three queries."""
    return _with_lines(request.district, [request])[0]


def requests_of(district: District) -> list[Asked]:
    """The district's requests, the newest first; the same few queries however many there are."""
    requests = CodeRequest.objects.filter(district=district).select_related("drafted_by", "sent_by", "withdrawn_by")
    return _with_lines(district, list(requests.order_by("-batch_no")))


def without_code(district: District, day: datetime.date) -> list[Community]:
    """The communities that have no code in force on the day, have not ended, and for which no letter asks."""
    still = Community.objects.filter(district=district).exclude(pk__in=_ended())
    still = still.exclude(pk__in=_open_lines().values("community")).select_related("subdistrict")
    waiting = [community for community in still.as_at(day) if community.code is None]
    return sorted(waiting, key=_by_name)


def _with_lines(district: District, requests: Sequence[CodeRequest]) -> list[Asked]:
    known = Community.objects.filter(district=district).as_at(timezone.localdate()).select_related("subdistrict")
    named = known.in_bulk()
    lines: dict[int, list[RequestedCode]] = defaultdict(list)
    for line in RequestedCode.objects.filter(request__in=requests).select_related("community_code").order_by("pk"):
        line.community = named[line.community_id]
        lines[line.request_id].append(line)
    return [Asked(request, lines[request.pk]) for request in requests]


def _by_name(community: Community) -> tuple[str, int]:
    return community.name_th or "", community.pk


def _open_lines() -> QuerySet[RequestedCode]:
    return RequestedCode.objects.filter(answered_at=None, request__withdrawn_at=None)


def _ended() -> QuerySet[CommunityChange, int]:
    ends = CommunityChange.objects.exclude(kind=CommunityChange.Kind.SPLIT)
    return ends.values_list("community", flat=True)


def _cleaned_codes(
    given: Mapping[int, str], lines: Mapping[int, RequestedCode], named: Mapping[int, Community]
) -> dict[int, str]:
    cleaned: dict[int, str] = {}
    for community, text in given.items():
        line = lines.get(community)
        if line is None:
            raise ValidationError(_("The letter did not ask for a code of this community."), code="not_asked")
        words = {"community": named[community], "code": text}
        if line.answered_at:
            sentence = _("%(community)s has got its code already.")
            raise ValidationError(sentence, code="answered_already", params=words)
        try:
            code = clean_community_code(text, settings.COMMUNITY_CODE_PATTERN)
        except NotACommunityCode as problem:
            sentence = _("“%(code)s” for %(community)s is not written like a community code.")
            raise ValidationError(sentence, code="code_malformed", params=words) from problem
        if code in cleaned.values():
            raise ValidationError(_("The code %(code)s stands here twice."), code="code_twice", params=words)
        cleaned[community] = code
    return cleaned


# --- refusals ---


def _refuse_stranger(district: District, by: Person) -> None:
    if not may(by, Action.ASK_FOR_CODES, district):
        raise ValidationError(_("You do not ask for this district's codes."), code="not_allowed")


def _lock(district: District) -> None:
    """Whoever changes what is true of the district's communities holds its row, here as in `announcing`."""
    District.objects.select_for_update(no_key=True).get(pk=district.pk)


def _locked(request: CodeRequest, by: Person) -> CodeRequest:
    _refuse_stranger(request.district, by)
    _lock(request.district)
    locked = CodeRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if locked.withdrawn_at:
        raise ValidationError(_("This request is withdrawn."), code="withdrawn")
    return locked


def _refuse_known(community: Community) -> None:
    words = {"community": community}
    if community.code is not None:
        raise ValidationError(_("%(community)s has a code in force."), code="has_a_code", params=words)
    if _open_lines().filter(community=community).exists():
        raise ValidationError(
            _("A letter asks for the code of %(community)s already."), code="asked_already", params=words
        )
    if community.pk in _ended():
        raise ValidationError(_("%(community)s has ended."), code="ended", params=words)


def _letter_number(text: str) -> str:
    number = clean(text)
    if not number:
        raise ValidationError(_("Write the number of the letter."), code="letter_missing")
    return number


def _refuse_future(day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError(
            _("The date %(day)s lies in the future."), code="future_date", params={"day": short_date(day)}
        )


def _refuse_days(request: CodeRequest, answer_date: datetime.date, in_force_from: datetime.date) -> None:
    if request.letter_date is None:
        raise ValidationError(_("Record first that the letter went out."), code="not_sent")
    for day in (answer_date, in_force_from):
        _refuse_future(day)
    words = {"day": short_date(request.letter_date)}
    if answer_date < request.letter_date:
        sentence = _("The answer cannot be older than the letter of %(day)s.")
        raise ValidationError(sentence, code="answer_too_early", params=words)
    if in_force_from < request.letter_date:
        sentence = _("A code cannot be in force before the letter of %(day)s asked for it.")
        raise ValidationError(sentence, code="in_force_too_early", params=words)


def _refuse_taken(codes: Mapping[int, str], named: Mapping[int, Community], day: datetime.date) -> None:
    """Nationwide a code means one community at a time, and a community has one code at a time."""
    meets = Q(in_force_until=None) | Q(in_force_until__gt=day)
    taken = CommunityCode.objects.filter(meets, code__in=codes.values()).order_by("code").first()
    if taken is not None:
        sentence = _("The code %(code)s belongs to another community.")
        raise ValidationError(sentence, code="code_taken", params={"code": taken.code})
    has_one = CommunityCode.objects.filter(meets, community__in=codes).order_by("pk").first()
    if has_one is not None:
        words = {"community": named[has_one.community_id]}
        raise ValidationError(_("%(community)s has a code in force."), code="has_a_code", params=words)
