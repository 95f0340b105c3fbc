"""Delegates in the browser: the president names one on the phone, the office accepts or refuses."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.models import Community
from communities.roles import Action
from communities.way_back import way_back

from ..delegates import accept_delegate, end_delegate, name_delegate, namings_in, namings_of, refuse_delegate
from ..forms.delegates import NameForm, RefuseForm
from ..models import DelegateNaming
from ..review_access import own_review

REFUSED = 422


# --- the president ---


@needs(Action.NAME_DELEGATE)
@require_http_methods(["GET", "HEAD", "POST"])
def review_delegate(request: OfficeRequest, pk: int) -> HttpResponse:
    """The president names who may review in their place, and reads what the office answered."""
    review = own_review(request, pk)
    require(request.user, Action.NAME_DELEGATE, review.community)
    community = Community.objects.as_at(timezone.localdate()).get(pk=review.community_id)
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            name_delegate(community, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The district office has been told and will answer here."))
            return redirect("verification:review_delegate", pk)
    lines = namings_of(community)
    scene = {
        "review": review,
        "community": community,
        "form": form,
        "lines": lines,
        "one_waits": any(line.waits for line in lines),
    }
    return render(request, "verification/delegate_name.html", scene, status=REFUSED if form.errors else 200)


# --- the office ---


@needs(Action.ANSWER_REVIEW)
@require_GET
def delegates(request: OfficeRequest) -> HttpResponse:
    """Who was named: those that wait for an answer first."""
    choice = district_choice(request, Action.ANSWER_REVIEW)
    lines = namings_in(choice.district)
    scene = {
        "choice": choice,
        "waiting": [line for line in lines if line.waits],
        "decided": [line for line in lines if not line.waits],
    }
    return render(request, "verification/delegates.html", scene)


@needs(Action.ANSWER_REVIEW)
@require_POST
def delegate_accept(request: OfficeRequest, pk: int) -> HttpResponse:
    """Gives the named person an account and the post."""
    naming = _naming(request, pk)
    try:
        post = accept_delegate(naming, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(
            request,
            _("%(name)s is delegate now, with the user name %(username)s. The first sign-in is by letter.")
            % {"name": post.person.full_name, "username": post.person.username},
        )
    return redirect("verification:delegates")


@needs(Action.ANSWER_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def delegate_refuse(request: OfficeRequest, pk: int) -> HttpResponse:
    """Says why a person cannot be delegate."""
    naming = _naming(request, pk)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            refuse_delegate(naming, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Refused. The president reads why."))
            return redirect("verification:delegates")
    community = Community.objects.as_at(timezone.localdate()).get(pk=naming.community_id)
    scene = {"naming": naming, "community": community, "form": form}
    return render(request, "verification/delegate_refuse.html", scene, status=REFUSED if form.errors else 200)


@needs(Action.ANSWER_REVIEW, Action.NAME_DELEGATE)
@require_POST
def delegate_end(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ends a delegate's post, for the president who named or the office."""
    naming = get_object_or_404(DelegateNaming.objects.visible_to(request.user), pk=pk)
    try:
        end_delegate(naming, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The delegate's post is ended. What was said stays."))
    return redirect(way_back(request, otherwise="/"))


def _naming(request: OfficeRequest, pk: int) -> DelegateNaming:
    """The naming, if the person decides about it; Http404 otherwise."""
    rows = DelegateNaming.objects.visible_to(request.user).select_related("community", "named_by")
    naming = get_object_or_404(rows, pk=pk)
    require(request.user, Action.ANSWER_REVIEW, naming.community)
    return naming
