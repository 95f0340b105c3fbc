"""Loading the central register's extract in the browser."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from communities.access import OfficeRequest, needs
from communities.district_choice import district_choice
from communities.models import District, Person
from communities.roles import Action

from ..files.file_safety import EXTRACT
from ..forms.houses import RegisterForm
from ..models import HouseRegistration
from ..register_changes import newest_renewal, waiting_since
from ..registrations import LoadResult, load
from ..uploads import limit_upload, refused_upload


@needs(Action.LOAD_REGISTER)
@limit_upload(EXTRACT.file_bytes)
@require_http_methods(["GET", "POST"])
def register_load(request: OfficeRequest) -> HttpResponse:
    """Takes the extract's file and says what it changed; a file that is refused changes nothing."""
    choice = district_choice(request, Action.LOAD_REGISTER)
    if request.method == "POST":
        form = RegisterForm(request.POST, request.FILES, refused_upload=refused_upload(request))
        known_until = newest_renewal(choice.district)
        result = _load(form, choice.district, request.user) if form.is_valid() else None
        to_look_at = len(waiting_since(choice.district, known_until)) if result else 0
    else:
        form, result, to_look_at = RegisterForm(), None, 0
    houses = HouseRegistration.objects.filter(district=choice.district)
    scene = {"choice": choice, "form": form, "result": result, "known": houses.exists(), "to_look_at": to_look_at}
    return render(request, "households/register_load.html", scene)


def _load(form: RegisterForm, district: District, by: Person) -> LoadResult | None:
    """What the extract changed; None with the refusal at the form's file."""
    file = form.cleaned_data["file"]
    try:
        return load(
            source=_source(file),
            file_name=file.name,
            district=district,
            by=by,
            letter=form.cleaned_data["letter"],
        )
    except ValidationError as refusal:
        form.add_error("file", refusal)
        return None


def _source(file: UploadedFile) -> bytes | Path:
    """A large upload stays on the disk where it arrived, for the reader to refuse before it is opened."""
    if hasattr(file, "temporary_file_path"):
        return Path(file.temporary_file_path())
    return file.read()
