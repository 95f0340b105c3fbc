"""Loading the central register's extract in the browser."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from communities.access import needs
from communities.district_choice import district_choice
from communities.roles import Action

from .. import registrations
from ..house_forms import RegisterForm
from ..models import HouseRegistration


@needs(Action.LOAD_REGISTER)
@require_http_methods(["GET", "POST"])
def register_load(request: HttpRequest) -> HttpResponse:
    """Takes the extract's file and says what it changed; a file that is refused changes nothing."""
    choice = district_choice(request, Action.LOAD_REGISTER)
    form = RegisterForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        try:
            result = registrations.load(
                source=_source(form.cleaned_data["file"]),
                file_name=form.cleaned_data["file"].name,
                district=choice.district,
                by=request.user,
                letter=form.cleaned_data["letter"],
            )
        except ValidationError as refusal:
            form.add_error("file", refusal)
    houses = HouseRegistration.objects.filter(district=choice.district)
    scene = {"choice": choice, "form": form, "result": result, "known": houses.exists()}
    return render(request, "households/register_load.html", scene)


def _source(file: UploadedFile) -> bytes | Path:
    """A large upload stays on the disk where it arrived, for the reader to refuse before it is opened."""
    if hasattr(file, "temporary_file_path"):
        return Path(file.temporary_file_path())
    return file.read()
