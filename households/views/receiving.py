"""Receiving a file in the browser: the form, which column is which, whose list is which."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communities.access import OfficeRequest, needs
from communities.ids import id_in
from communities.models import Community
from communities.roles import Action
from communities.scope import reach_of

from .. import house_lists, list_drafts, sent_files
from ..forms.receiving import ColumnsForm, PartsForm
from ..forms.rows import ReceiveForm, communities_for
from ..house_lists import Received
from ..list_drafts import Draft
from ..models import HouseList
from ..sent_files import Contents, Sent
from ..uploads import limit_upload, refused_upload
from ..workbook import Sheet
from .lists import reachable_lists

METHODS = ["GET", "HEAD", "POST"]


# --- the form ---


@needs(Action.RECEIVE_LIST)
@limit_upload(settings.LIST_UPLOAD_LIMIT_BYTES)
@require_http_methods(METHODS)
def list_receive(request: OfficeRequest) -> HttpResponse:
    """Takes a file as it came and leads to what was recognised in it, or to what a person has to say first."""
    if request.method == "POST":
        refused = refused_upload(request)
        form = ReceiveForm(request.POST, request.FILES, person=request.user, refused_upload=refused)
        if form.is_valid() and (answer := _take(request, form)):
            return answer
    else:
        form = ReceiveForm(person=request.user, initial=_offered(request))
    context = {"form": form, "again": _again(request), "limit": settings.LIST_UPLOAD_LIMIT_BYTES // 1024**2}
    return render(request, "households/list_receive.html", context, status=422 if form.errors else 200)


def _asked_for(request: OfficeRequest, parameter: str) -> HouseList | None:
    """The list whose number a parameter of the address states, if the person may see it."""
    pk = id_in(request.GET.get(parameter, ""))
    return None if pk is None else reachable_lists(request).filter(pk=pk).first()


def _again(request: OfficeRequest) -> HouseList | None:
    """The list whose file the person is about to send again, to say what the program could not see."""
    return _asked_for(request, "again")


def _offered(request: OfficeRequest) -> dict[str, object]:
    """What the form is filled with: the community of ?community=CODE, the list that ?corrects= names and its community.

    For the file of the list ?again= it is also the rest of what was said of that list.
    """
    code, corrected, again = request.GET.get("community", ""), _asked_for(request, "corrects"), _again(request)
    offered: dict[str, object] = {"received_on": timezone.localdate()}
    if again is not None:
        offered |= {
            "community": again.community_id,
            "sender": again.sender or "",
            "letter": again.letter,
            "received_on": again.received_on,
            "names_columns": True,
        }
    if corrected is not None:
        offered |= {"community": corrected.community_id, "corrects": corrected.pk}
    if again is not None or corrected is not None:
        return offered
    named = code if code.isalnum() else ""  # no database takes a NUL
    community = communities_for(request.user, Action.RECEIVE_LIST).filter(label_code=named).first() if named else None
    return offered | {"community": community.pk if community else None}


def _take(request: OfficeRequest, form: ReceiveForm) -> HttpResponse | None:
    """Where the file leads; None with the refusal on the form."""
    given = form.cleaned_data
    file = given["file"]
    sent = Sent(file.read(), file.name, given["sender"], given["letter"], given["received_on"])
    community, corrects = given["community"], given["corrects"]
    try:
        draft = Draft(
            sent,
            community.district_id if community else _only_district(request),
            community=community.pk if community else None,
            corrects=corrects.pk if corrects else None,
            names_columns=given["names_columns"],
        )
        return _next_page(request, draft)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None


def _only_district(request: OfficeRequest) -> int:
    """The district of a file whose community is not chosen. Raises ValidationError `no_community` for several."""
    districts = list(reach_of(request.user).in_districts([Action.RECEIVE_LIST]))
    if len(districts) != 1:
        raise ValidationError(_("Choose the community."), code="no_community")
    return districts[0]


def _next_page(request: OfficeRequest, draft: Draft, token: str = "") -> HttpResponse:
    """Keeps the file if nothing is left to ask, else asks: first for the columns, then for the communities."""
    contents = _contents(draft)
    if _is_to_ask(draft, contents):
        return redirect("households:list_columns", list_drafts.put(draft, of=request.user, token=token))
    sent_files.refuse_nothing_found(contents)
    if draft.community is None or len(contents.communities_named) > 1:
        return redirect("households:list_sort", list_drafts.put(draft, of=request.user, token=token))
    community = communities_for(request.user, Action.RECEIVE_LIST).get(pk=draft.community)
    received = house_lists.keep_for_community(contents, community, by=request.user, corrects=_corrected(request, draft))
    return _kept(request, received, token)


def _is_to_ask(draft: Draft, contents: Contents) -> bool:
    """Whether a person has to say, or asked to be let say, which column is which."""
    return bool(contents.sheets_with_content if draft.waits_for_columns else contents.sheets_to_ask)


def _contents(draft: Draft) -> Contents:
    return sent_files.look_into(draft.sent, district=draft.district, sheet_name=draft.sheet, said=draft.said)


def _corrected(request: OfficeRequest, draft: Draft) -> HouseList | None:
    return reachable_lists(request).get(pk=draft.corrects) if draft.corrects else None


def _kept(request: OfficeRequest, received: Received, token: str) -> HttpResponse:
    """Says what was kept and leads to the list, or to all lists where there are several."""
    list_drafts.drop(token)
    number = len(received.new)
    if number:
        sentence = ngettext(
            "The list was received. Nothing is tagged yet.",
            "%(lists)s lists were received. Nothing is tagged yet.",
            number,
        )
        messages.success(request, sentence % {"lists": number})
    else:
        messages.warning(
            request, _("This very file was received before, and nothing was changed. This is the list as it was kept.")
        )
    if len(received.lists) == 1:
        return redirect("households:list", received.lists[0].pk)
    return redirect(f"{reverse('households:lists')}?district={received.lists[0].district.code}")


def _draft(request: OfficeRequest, token: str) -> Draft:
    """The person's draft; raises Http404 where it is gone."""
    draft = list_drafts.get(token, of=request.user)
    if draft is None:
        raise Http404
    return draft


# --- which column is which ---


@needs(Action.RECEIVE_LIST)
@require_http_methods(METHODS)
def list_columns(request: OfficeRequest, token: str) -> HttpResponse:
    """Asks which column of a sheet holds what, with five rows beside each; the answer is remembered for the sender."""
    draft = _draft(request, token)
    contents = _contents(draft)
    asked = contents.sheets_with_content if draft.names_columns else contents.sheets_to_ask
    if not asked:
        return redirect("households:list_sort", token)
    place = _place_shown(request, draft, contents, dict(asked))
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        sheet=contents.sheets[place],
        district=draft.district,
        recognised=contents.recognised(place),
    )
    refusal = ""
    if form.is_valid():
        try:
            return _next_page(request, _answered(draft, form, asked, place), token)
        except ValidationError as problem:
            refusal = " ".join(problem.messages)
    context = {
        "draft": draft,
        "sheet": contents.sheets[place],
        "place": place,
        "sheets": asked if draft.names_columns else [],
        "form": form,
        "refusal": refusal,
    }
    status = 422 if form.errors or refusal else 200
    return render(request, "households/list_columns.html", context, status=status)


def _place_shown(request: OfficeRequest, draft: Draft, contents: Contents, asked: dict[int, Sheet]) -> int:
    """The place of the sheet to ask about: the one chosen, that of the list read anew, one with a list, the longest."""
    chosen = id_in(request.GET.get("sheet", ""))
    if draft.names_columns and chosen in asked:
        return chosen
    corrected = _corrected(request, draft)
    before = [place for place, sheet in asked.items() if corrected and sheet.name == corrected.sheet]
    lists = [part.place for part in contents.found.parts if part.place in asked]
    longest = max(asked, key=lambda place: len(asked[place].rows))
    return next(iter([*before, *lists, longest])) if draft.names_columns else longest


def _answered(draft: Draft, form: ColumnsForm, asked: list[tuple[int, Sheet]], place: int) -> Draft:
    """The draft with the answer, for the one sheet that a person chose or for all that are laid out alike."""
    sheets = dict(asked)
    if draft.names_columns:
        return draft.with_sheet(place, sheets[place].name, form.layout_of(sheets[place]))
    for alike in form.alike(asked, place):
        draft = draft.with_layout(alike, form.layout_of(sheets[alike]))
    return draft


# --- whose list is which ---


@needs(Action.RECEIVE_LIST)
@require_http_methods(METHODS)
def list_sort(request: OfficeRequest, token: str) -> HttpResponse:
    """Shows the lists that a file holds, each with its community, and receives them with one button."""
    draft = _draft(request, token)
    contents = _contents(draft)
    if _is_to_ask(draft, contents):
        return redirect("households:list_columns", token)
    communities = communities_for(request.user, Action.RECEIVE_LIST).filter(district=draft.district)
    form = PartsForm(
        request.POST if request.method == "POST" else None,
        parts=contents.found.parts,
        communities=communities,
        chosen=draft.community,
    )
    refusal = ""
    if form.is_valid():
        try:
            return _kept(request, _keep_sorted(request, draft, contents, form.communities()), token)
        except ValidationError as problem:
            refusal = " ".join(problem.messages)
    context: dict[str, Any] = {"draft": draft, "contents": contents, "form": form, "refusal": refusal}
    status = 422 if form.errors or refusal else 200
    return render(request, "households/list_sort.html", context, status=status)


def _keep_sorted(
    request: OfficeRequest, draft: Draft, contents: Contents, communities: dict[str, Community]
) -> Received:
    return house_lists.keep_lists(contents, communities, by=request.user, corrects=_corrected(request, draft))
