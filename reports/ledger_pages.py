"""The pages of the project's ledger: the spine of steps, a paper and its files, and the evidence pack."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.access_log import Deed, record_access
from communities.district_choice import district_choice
from communities.forms import BuddhistDateField
from communities.models import CodeRequest, District, Document, DocumentFile, Person
from communities.notices import say_done
from communities.papers import OPENS_IN_BROWSER, PDF, add_file, record_document, same_number, withdraw_document
from communities.roles import Action, may
from communities.thai_calendar import month_name, short_date
from communities.thai_text import clean, to_arabic_digits
from verification.models import Case, ReviewRound

from .evidence_pack import pack_of, packed
from .ledger import ledger_of, papers_found, record_step, tie_paper, what_hangs_on
from .models import KpiReport, PaperTie, ProjectStep

LONGEST_SEARCH = 100
MOST_TO_CHOOSE = 200


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # a list of files
        """The files that were sent, none where there are none."""
        sent = data if isinstance(data, list | tuple) else [data]
        return [file for one in sent if (file := super(FilesField, self).clean(one, initial))]


class PaperForm(forms.Form):
    """A paper as it stands, with its scans."""

    # The field; what was sent stays the instance's own attribute of that name.
    files = FilesField(label=gettext_lazy("Scans and files"), required=False)  # type: ignore[assignment]
    kind = forms.ChoiceField(label=gettext_lazy("Kind of paper"), choices=Document.Kind.choices)
    number = forms.CharField(
        label=gettext_lazy("Number of the paper"),
        help_text=gettext_lazy("As it stands on the paper."),
        max_length=80,
        required=False,
    )
    dated = BuddhistDateField(label=gettext_lazy("Date of the paper"))
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Document.Urgency.choices)
    subject = forms.CharField(label=gettext_lazy("Subject of the paper"), max_length=300)
    party = forms.CharField(label=gettext_lazy("From or to whom"), max_length=200, required=False)
    step = forms.ChoiceField(label=gettext_lazy("Step of the project"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=1000, required=False)

    def __init__(self, *args: Any, steps: list[ProjectStep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = {str(step.pk): step for step in steps}
        self.fields["step"].choices = [("", "–"), *((pk, str(step)) for pk, step in self.steps.items())]  # type: ignore[attr-defined]

    def clean_step(self) -> ProjectStep | None:
        """The step itself."""
        return self.steps.get(self.cleaned_data["step"])


class StepForm(forms.Form):
    """A step of the project."""

    number = forms.IntegerField(label=gettext_lazy("Number of the step"), min_value=1, max_value=32_000)
    title = forms.CharField(label=gettext_lazy("Step of the project"), max_length=200)
    what_for = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    happened_on = BuddhistDateField(label=gettext_lazy("On the day"), required=False)


class PackForm(forms.Form):
    """The period of an evidence pack and what it leaves the office for."""

    since = BuddhistDateField(label=gettext_lazy("From day"))
    until = BuddhistDateField(label=gettext_lazy("To day"))
    purpose = forms.CharField(label=gettext_lazy("What it is for"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Refuses a period that ends before it begins."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            raise ValidationError(_("The period ends before it begins."), code="period_backwards")
        return cleaned


@needs(Action.SEE_LEDGER)
@require_safe
def ledger(request: OfficeRequest) -> HttpResponse:
    """The steps with their papers, or the papers that ?q= finds by number in any writing or by words."""
    choice = district_choice(request, Action.SEE_LEDGER)
    sought = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip()
    scene = {
        "choice": choice,
        "district": choice.district,
        "sought": sought,
        "found": papers_found(choice.district, sought) if sought else None,
        "ledger": None if sought else ledger_of(choice.district),
        "may_keep": may(request.user, Action.KEEP_LEDGER, choice.district),
        "pack": PackForm() if may(request.user, Action.SEE_HOUSES, choice.district) else None,
    }
    return render(request, "reports/ledger.html", scene)


@needs(Action.KEEP_LEDGER)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_add(request: OfficeRequest) -> HttpResponse:
    """Records a paper with its scans; a number that another paper has is said afterwards, never refused."""
    district = district_choice(request, Action.KEEP_LEDGER).district
    steps = list(ProjectStep.objects.filter(district=district).order_by("number"))
    initial = {"step": request.GET.get("step", "")}
    form = PaperForm(request.POST or None, request.FILES or None, steps=steps, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            document = _recorded(form.cleaned_data, district, request.user)
        except ValidationError as refusal:
            form.add_error({"future_date": "dated"}.get(getattr(refusal, "code", "") or ""), refusal.messages)
        else:
            say_done(request, _("The paper is recorded."))
            _warn_of_same_number(request, document)
            return redirect("ledger:paper", document.pk)
    scene = {"district": district, "form": form}
    return render(request, "reports/ledger_paper_add.html", scene, status=422 if form.errors else 200)


@transaction.atomic
def _recorded(said: dict[str, Any], district: District, by: Person) -> Document:
    """The paper with all its files, or nothing of it."""
    files, step = said["files"], said["step"]
    facts = {name: value for name, value in said.items() if name not in ("files", "step")}
    document = record_document(district=district, by=by, **facts)
    for file in files:
        add_file(document, upload=file, by=by)
    if step:
        tie_paper(document, step=step, by=by)
    return document


def _warn_of_same_number(request: OfficeRequest, document: Document) -> None:
    for other in same_number(document):
        words = {"day": short_date(other.document.dated), "subject": other.document.subject}
        if other.same_year:
            sentence = _("Another paper of the same year has this number: %(day)s, %(subject)s. Both are kept.") % words
        else:
            sentence = _("A paper of another year has this number too: %(day)s, %(subject)s. Both are kept.") % words
        messages.warning(request, sentence)


@needs(Action.KEEP_LEDGER)
@require_http_methods(["GET", "HEAD", "POST"])
def step_add(request: OfficeRequest) -> HttpResponse:
    """Adds a step to the project."""
    district = district_choice(request, Action.KEEP_LEDGER).district
    last = ProjectStep.objects.filter(district=district).order_by("-number").values_list("number", flat=True).first()
    form = StepForm(request.POST or None, initial={"number": (last or 0) + 1})
    if request.method == "POST" and form.is_valid():
        try:
            record_step(district=district, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            say_done(request, _("The step is recorded."))
            return redirect(_ledger_of(district))
    scene = {"district": district, "form": form}
    return render(request, "reports/ledger_step_add.html", scene, status=422 if form.errors else 200)


@needs(Action.SEE_LEDGER)
@require_safe
def paper(request: OfficeRequest, pk: int) -> HttpResponse:
    """A paper: its facts and files, what hangs on it, and which other papers have its number."""
    document = _paper(request, pk)
    scene = {
        "district": document.district,
        "document": document,
        "files": document.files.select_related("sent_by"),
        "ends": [_end(tie, request.user) for tie in what_hangs_on(document)],
        "same": same_number(document),
        "choices": _choices(document.district),
        "may_keep": not document.withdrawn_at and may(request.user, Action.KEEP_LEDGER, document.district),
    }
    return render(request, "reports/ledger_paper.html", scene)


@needs(Action.KEEP_LEDGER)
@require_POST
def paper_files(request: OfficeRequest, pk: int) -> HttpResponse:
    """Adds files to a paper; one that is refused does not keep the others back."""
    document = _kept_paper(request, pk)
    for file in request.FILES.getlist("files"):
        try:
            add_file(document, upload=file, by=request.user)
        except ValidationError as refusal:
            messages.error(request, f"{file.name}: {refusal.messages[0]}")
        else:
            messages.success(request, _("%(file)s is kept.") % {"file": file.name})
    return redirect("ledger:paper", pk)


@needs(Action.KEEP_LEDGER)
@require_POST
def paper_tie(request: OfficeRequest, pk: int) -> HttpResponse:
    """Hangs one thing more on a paper: from the list, or a case by its number."""
    document = _kept_paper(request, pk)
    try:
        tie_paper(document, by=request.user, **_named_end(request, document.district))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        say_done(request, _("It hangs on the paper now."))
    return redirect("ledger:paper", pk)


@needs(Action.KEEP_LEDGER)
@require_POST
def paper_withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Withdraws a paper for a reason."""
    document = _kept_paper(request, pk)
    try:
        withdraw_document(document, reason=request.POST.get("reason", "").replace("\0", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        say_done(request, _("The paper is withdrawn. It stays to be read."))
    return redirect("ledger:paper", pk)


@needs(Action.SEE_LEDGER)
@require_safe
def paper_file(request: OfficeRequest, key: uuid.UUID) -> HttpResponse | FileResponse:
    """A file of a paper: PDFs and pictures open in the browser, all else is saved."""
    found = get_object_or_404(DocumentFile.objects.visible_to(request.user), key=key)
    try:
        stored = found.file.storage.open(str(found.file.name), "rb")
    except FileNotFoundError as problem:
        raise Http404 from problem
    answer = FileResponse(
        stored,
        as_attachment=found.content_type not in OPENS_IN_BROWSER,
        filename=found.name,
        content_type=found.content_type,
    )
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    if found.content_type != PDF:  # a sandbox keeps the browser's own reader of PDFs out
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@needs(Action.SEE_HOUSES)
@require_safe
@never_cache
def evidence_pack(request: OfficeRequest) -> HttpResponse | StreamingHttpResponse:
    """All papers and reports of ?since= to ?until= as one file, recorded with its purpose: it holds house rows."""
    district = district_choice(request, Action.SEE_HOUSES).district
    require(request.user, Action.SEE_LEDGER, district)
    form = PackForm({name: str(value).replace("\0", "") for name, value in request.GET.items()})
    if not form.is_valid():
        for refusals in form.errors.values():
            messages.error(request, str(refusals[0]))
        return redirect(_ledger_of(district))
    pack = pack_of(district, form.cleaned_data["since"], form.cleaned_data["until"])
    what = _("Evidence pack, %(since)s to %(until)s") % {
        "since": short_date(pack.since),
        "until": short_date(pack.until),
    }
    record_access(
        request.user,
        deed=Deed.EXPORTED,
        what=what,
        district=district,
        houses=pack.houses,
        purpose=form.cleaned_data["purpose"],
    )
    answer = StreamingHttpResponse(packed(pack), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{pack.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# --- the paper of an address, and what may hang on it ---


def _paper(request: OfficeRequest, pk: int) -> Document:
    papers = Document.objects.visible_to(request.user).select_related("district", "recorded_by", "withdrawn_by")
    return get_object_or_404(papers, pk=pk)


def _kept_paper(request: OfficeRequest, pk: int) -> Document:
    document = _paper(request, pk)
    require(request.user, Action.KEEP_LEDGER, document.district)
    return document


def _ledger_of(district: District) -> str:
    return f"{reverse('ledger:ledger')}?district={district.code}"


def _end(tie: PaperTie, person: Person) -> dict[str, str]:
    """What hangs on the paper: its kind, its name, and its address where the person may follow it."""
    if step := tie.step:
        return {"kind": _("step"), "name": str(step), "url": f"{_ledger_of(step.district)}#step-{step.number}"}
    if report := tie.report:
        name = f"{_('Round %(number)s') % {'number': report.round_no}} · {month_name(report.month)}"
        url = f"{reverse('reports:kpi_month', args=[report.month])}?district={report.district.code}"
        return {"kind": _("KPI report"), "name": name, "url": url}
    if review := tie.review_round:
        url = (
            reverse("verification:round", args=[review.pk])
            if may(person, Action.ANSWER_REVIEW, review.district)
            else ""
        )
        return {"kind": _("round of review"), "name": str(review), "url": url}
    if case := tie.case:
        url = reverse("verification:case", args=[case.pk]) if may(person, Action.SEE_CASES, case.district) else ""
        return {"kind": _("case"), "name": str(case), "url": url}
    asked = tie.code_request
    url = reverse("codes:request", args=[asked.pk]) if asked else ""
    return {"kind": _("request for codes"), "name": str(asked), "url": url}


def _choices(district: District) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be hung on a paper besides a case, by kind."""
    kinds: tuple[tuple[str, str, Any], ...] = (
        ("step", _("step"), ProjectStep.objects.order_by("number")),
        ("code_request", _("request for codes"), CodeRequest.objects.order_by("-batch_no")),
        ("review_round", _("round of review"), ReviewRound.objects.order_by("-pk")),
        ("report", _("KPI report"), KpiReport.objects.defer("workbook").order_by("-month")),
    )
    return [
        (
            label,
            [
                (f"{kind}:{one.pk}", _("Round %(number)s") % {"number": one.round_no} if kind == "report" else str(one))
                for one in rows.filter(district=district)[:MOST_TO_CHOOSE]
            ],
        )
        for kind, label, rows in kinds
    ]


def _named_end(request: OfficeRequest, district: District) -> dict[str, Any]:
    """The thing that the form names. Raises ValidationError `no_such_thing`."""
    refusal = ValidationError(
        _("Choose what belongs to the paper, or write a case number such as 12/2558."), code="no_such_thing"
    )
    if written := to_arabic_digits(clean(request.POST.get("case", ""))).replace(" ", ""):
        number, _slash, year = written.partition("/")
        if not (number.isdecimal() and year.isdecimal() and len(number) < 9 and len(year) == 4):
            raise refusal
        case = Case.objects.visible_to(request.user).filter(district=district, number=number, year_be=year).first()
        if case is None:
            raise refusal
        return {"case": case}
    models: dict[str, Any] = {
        "step": ProjectStep,
        "code_request": CodeRequest,
        "review_round": ReviewRound,
        "report": KpiReport,
    }
    kind, _colon, pk = request.POST.get("end", "").partition(":")
    if kind not in models or not (pk.isdecimal() and len(pk) < 19):
        raise refusal
    end = models[kind].objects.filter(district=district, pk=pk).first()
    if end is None:
        raise refusal
    return {kind: end}
