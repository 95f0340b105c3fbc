"""Other names of lanes: proposed by decisions, confirmed, refused or withdrawn by a person."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.models import District
from communities.notices import say_done
from communities.roles import Action, may

from ..aliases import confirm_alias, dismiss_proposal, rows_helped, withdraw_alias
from ..forms.aliases import AliasForm, WithdrawForm
from ..learned_names import learned
from ..models import Alias

NAMES_SHOWN = 200


@needs(Action.SEE_HOUSES)
@require_safe
def aliases(request: OfficeRequest) -> HttpResponse:
    """What decisions propose with the rows that bear it out, the names in use, and those withdrawn."""
    return _show(request, district_choice(request, Action.SEE_HOUSES))


def _show(request: OfficeRequest, choice: DistrictChoice, *, withdraw_form: WithdrawForm | None = None,
          of: int | None = None, status: int = 200) -> HttpResponse:  # fmt: skip
    district = choice.district
    known = Alias.objects.visible_to(request.user).filter(district=district)
    known = known.select_related("sender", "confirmed_by", "withdrawn_by")
    helped = rows_helped(district)
    taught = learned(district)
    scene = {
        "choice": choice,
        "proposals": taught.proposals,
        "contradictions": taught.contradictions,
        "in_use": _with_rows(known.in_use().order_by("part", "written", "pk")[:NAMES_SHOWN], helped),
        "withdrawn": _with_rows(known.exclude(withdrawn_at=None).order_by("-withdrawn_at")[:NAMES_SHOWN], helped),
        "communities": communities_of(district),
        "may_decide": may(request.user, Action.TAG, district),
        "withdraw_form": withdraw_form or WithdrawForm(),
        "withdrawing": of,
    }
    return render(request, "households/aliases.html", scene, status=status)


def _with_rows(found, helped: dict[int, int]) -> list[tuple[Alias, int]]:
    return [(alias, helped.get(alias.pk, 0)) for alias in found]


@needs(Action.TAG)
@require_POST
def alias_confirm(request: OfficeRequest) -> HttpResponse:
    """Takes a name into use, for everybody's lists or for one sender's."""
    district, form = _posted(request)
    try:
        alias = confirm_alias(district, name=form.cleaned_name, by=request.user, sender=form.cleaned_data["sender"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        sentence = _(
            "“%(written)s” now stands for “%(meant)s”. Waiting rows are matched anew when their list is opened."
        )
        say_done(request, sentence % {"written": alias.written, "meant": alias.meant})
    return _back(district)


@needs(Action.TAG)
@require_POST
def alias_refuse(request: OfficeRequest) -> HttpResponse:
    """Records that a proposed name is not to be used."""
    district, form = _posted(request)
    try:
        alias = dismiss_proposal(district, name=form.cleaned_name, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        sentence = _("“%(written)s” will not be proposed for “%(meant)s” again.")
        say_done(request, sentence % {"written": alias.written, "meant": alias.meant})
    return _back(district)


def _posted(request: OfficeRequest) -> tuple[District, AliasForm]:
    """The district and the name that were posted; 404 for what no page of ours posts."""
    code = request.POST.get("district", "")
    district = get_object_or_404(District, code=code if code.isalnum() else "")
    require(request.user, Action.TAG, district)
    form = AliasForm(request.POST, district=district)
    if not form.is_valid():
        raise Http404
    return district, form


def _back(district: District) -> HttpResponse:
    response = redirect("households:aliases")
    response["Location"] += f"?district={district.code}"
    return response


@needs(Action.TAG)
@require_POST
def alias_withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a name out of use, with a reason."""
    alias = get_object_or_404(Alias.objects.visible_to(request.user).select_related("district"), pk=pk)
    require(request.user, Action.TAG, alias.district)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        choice = DistrictChoice(alias.district, [alias.district])
        return _show(request, choice, withdraw_form=form, of=alias.pk, status=422)
    try:
        withdraw_alias(alias, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        sentence = _("“%(written)s” no longer stands for “%(meant)s”. What was tagged by it stays tagged.")
        say_done(request, sentence % {"written": alias.written, "meant": alias.meant})
    return _back(alias.district)
