"""The pages of the electoral rolls: all of them, one with what changed since, and issuing one in two steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.access_log import Deed, record_access
from communities.district_choice import communities_of, district_choice
from communities.forms import BuddhistDateField
from communities.ids import id_in
from communities.models import District
from communities.notices import say_done
from communities.roles import Action, may
from communities.views_exports import XLSX
from verification.paper_pdf import as_page, as_pdf, can_print

from .committee_size import committee_size
from .electoral_roll import ProposedRoll, changes_since, issue_roll, proposed_roll, refuse_roll_letter
from .models import ElectoralRoll
from .roll_paper import ROLL, on_paper

HOUSES_A_PAGE = 400
FIRST_HOUSES = 12
WHERE_A_REFUSAL_BELONGS = {
    "too_far_ahead": "election_day",
    "code_not_in_force": "election_day",
    "letter_missing": "letter_no",
    "future_date": "letter_date",
}


class RollForm(forms.Form):
    """The community, its election day, and the letter that the roll goes out with."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    election_day = BuddhistDateField(label=gettext_lazy("Election day"))
    letter_no = forms.CharField(label=gettext_lazy("Letter number"), max_length=80)
    letter_date = BuddhistDateField(label=gettext_lazy("Letter date"))

    def __init__(self, district: District, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.communities = {str(pk): community for pk, community in communities_of(district).items()}
        named = ((pk, f"{one.label_code or ''} {one.name_th}".strip()) for pk, one in self.communities.items())
        self.fields["community"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def add_refusal(self, refusal: ValidationError) -> None:
        """Puts the sentence beside the field that it is about."""
        self.add_error(WHERE_A_REFUSAL_BELONGS.get(refusal.code or ""), refusal.messages)

    @property
    def facts(self) -> dict[str, Any]:
        """What was said, with the community itself."""
        return self.cleaned_data | {"community": self.communities[self.cleaned_data["community"]]}


@needs(Action.SEE_HOUSES)
@require_safe
def rolls(request: OfficeRequest) -> HttpResponse:
    """The rolls that were issued, the newest first; of ?community= alone where it is named."""
    choice = district_choice(request, Action.SEE_HOUSES)
    community = id_in(request.GET.get("community", ""))
    found = ElectoralRoll.objects.filter(district=choice.district).defer("workbook").select_related("issued_by")
    scene = {
        "choice": choice,
        "district": choice.district,
        "rolls": found.filter(community=community) if community else found,
        "communities": communities_of(choice.district),
        "community": community,
        "may_issue": may(request.user, Action.ISSUE_ROLL, choice.district),
    }
    return render(request, "reports/rolls.html", scene)


@needs(Action.ISSUE_ROLL)
@require_http_methods(["GET", "HEAD", "POST"])
def roll_issue(request: OfficeRequest) -> HttpResponse:
    """Issues a roll in two steps: community, day and letter, then a last look at the houses that will be frozen."""
    district = district_choice(request, Action.ISSUE_ROLL).district
    form = RollForm(district, request.POST or None, initial={"community": request.GET.get("community", "")})
    proposed = _proposed(form) if request.method == "POST" else None
    if proposed is None:
        scene = {"district": district, "form": form}
        return render(request, "reports/roll_issue.html", scene, status=422 if form.errors else 200)
    if request.POST.get("seen") != proposed.seen:
        return _last_look(request, district, form, proposed)
    return _issue(request, district, form, proposed)


def _proposed(form: RollForm) -> ProposedRoll | None:
    """The roll that the form asks for; None where it does not hold, with the reason on the form."""
    if not form.is_valid():
        return None
    try:
        refuse_roll_letter(form.cleaned_data["letter_no"], form.cleaned_data["letter_date"])
        return proposed_roll(form.facts["community"], form.cleaned_data["election_day"])
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None


def _last_look(request: OfficeRequest, district: District, form: RollForm, proposed: ProposedRoll) -> HttpResponse:
    scene = {
        "district": district,
        "form": form,
        "roll": proposed,
        "first_houses": proposed.houses[:FIRST_HOUSES],
        "size": committee_size(len(proposed.houses)),
        "moved": bool(request.POST.get("seen")),
    }
    return render(request, "reports/roll_issue_check.html", scene)


def _issue(request: OfficeRequest, district: District, form: RollForm, proposed: ProposedRoll) -> HttpResponse:
    try:
        issued = issue_roll(seen=proposed.seen, by=request.user, **form.facts)
    except ValidationError as refusal:
        if refusal.code == "issued_already":
            messages.warning(request, refusal.messages[0])
            return redirect(f"{reverse('rolls:rolls')}?district={district.code}")
        form.add_refusal(refusal)
        return render(request, "reports/roll_issue.html", {"district": district, "form": form}, status=422)
    say_done(request, _("The roll is issued. Its houses and its file stay as they are."))
    return redirect("rolls:roll", issued.pk)


@needs(Action.SEE_HOUSES)
@require_safe
@never_cache
def roll(request: OfficeRequest, pk: int) -> HttpResponse:
    """A roll as it was issued, and beside it what became of its houses since."""
    found = _roll(request, pk)
    page = Paginator(found.houses.all(), HOUSES_A_PAGE).get_page(request.GET.get("page"))
    record_access(
        request.user,
        deed=Deed.SEEN,
        what=_("Electoral roll of houses"),
        district=found.district,
        community=found.community,
        houses=found.house_count,
    )
    scene = {
        "district": found.district,
        "roll": found,
        "page": page,
        "previous": f"?page={page.number - 1}" if page.has_previous() else "",
        "next": f"?page={page.number + 1}" if page.has_next() else "",
        "changes": changes_since(found),
        "size": committee_size(found.house_count),
        "can_print": can_print(),
    }
    return render(request, "reports/roll.html", scene)


@needs(Action.SEE_HOUSES)
@require_POST
@never_cache
def roll_export(request: OfficeRequest, pk: int) -> HttpResponse:
    """Hands the roll out as the workbook that was issued, or on paper, once it is recorded what it is for."""
    found, purpose = _roll(request, pk), request.POST.get("purpose", "")
    as_workbook = request.POST.get("form") == "xlsx"
    try:
        record_access(
            request.user,
            deed=Deed.EXPORTED if as_workbook else Deed.PRINTED,
            what=_("Electoral roll of houses"),
            district=found.district,
            community=found.community,
            houses=found.house_count,
            purpose=purpose,
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("rolls:roll", pk)
    if as_workbook:
        return _file(bytes(found.workbook), XLSX, found, ".xlsx")
    paper = {"roll": on_paper(found, by=request.user, purpose=purpose)}
    if not can_print():
        return HttpResponse(as_page(ROLL, paper, for_browser=True))
    return _file(as_pdf(ROLL, paper), "application/pdf", found, ".pdf")


def _file(content: bytes, kind: str, found: ElectoralRoll, ending: str) -> HttpResponse:
    name = f"{_('Electoral roll of houses')} {found.community_code} {found.election_day:%Y-%m-%d}{ending}"
    header = content_disposition_header(as_attachment=True, filename=name) or ""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": header})


def _roll(request: OfficeRequest, pk: int) -> ElectoralRoll:
    known = ElectoralRoll.objects.visible_to(request.user).select_related("district", "community", "issued_by")
    return get_object_or_404(known, pk=pk)
