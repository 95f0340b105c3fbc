"""Accounts and reference data in Django's admin: an administrator's work. Nothing is deleted here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin, ImportExportMixin

from .admin_dates import dated
from .codes import NotACommunityCode, clean_community_code
from .forms import BuddhistDateField
from .models import (
    Appointment,
    Community,
    CommunityCode,
    CommunityName,
    CommunityType,
    CommunityTyping,
    District,
    ExpectedHouses,
    Person,
    Role,
    Subdistrict,
)
from .models.people import HEADS, OF_THE_CITY
from .resources import CommunityResource, CommunityTypeResource, SubdistrictResource
from .roles import Action
from .scope import reach_of

SINCE, UNTIL = dated("since", _("since")), dated("until", _("until"))
POST: list[Any] = ["role", "district", "community", "since", "until", "order", "is_registrar", "acting_for"]
BUDDHIST_DATES: dict[Any, Any] = {models.DateField: {"form_class": BuddhistDateField, "widget": forms.TextInput}}


def kept_districts(request: HttpRequest) -> frozenset[int]:
    """Ids of the districts whose accounts and reference data the person keeps."""
    return reach_of(request.user).in_districts([Action.KEEP_REFERENCE_DATA])  # type: ignore[arg-type]


class NeverDeleted(BaseModelAdmin):
    """Nothing is deleted, only closed with a last day."""

    formfield_overrides = BUDDHIST_DATES

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody."""
        return False


class KeptPlaces(BaseModelAdmin):
    """Choices of places are those that the person keeps."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Offers the districts kept, the sub-districts and communities in them, and their heads and directors."""
        paths = {District: "pk__in", Subdistrict: "district__in", Community: "district__in"}
        target = db_field.remote_field.model
        if target in paths:
            kwargs["queryset"] = _places(target).filter(**{paths[target]: kept_districts(request)})
        if db_field.name == "acting_for":
            posts = Appointment.objects.filter(district__in=kept_districts(request), role__in=HEADS)
            kwargs["queryset"] = Person.objects.filter(pk__in=posts.values("person")).order_by("full_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _places(model: type[models.Model]) -> QuerySet:
    if model is Community:
        return Community.objects.as_at(timezone.localdate()).order_by("label_code")
    return model._default_manager.all()


# --- people ---


class AppointmentForm(forms.ModelForm):
    """A post: administrators appoint others, in their own districts and to the districts' own roles."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].choices = [choice for choice in Role.choices if choice[0] not in OF_THE_CITY]


class PostsOfOthers(NeverDeleted, KeptPlaces):
    """Posts in the districts kept, of everybody but the person at the keyboard."""

    form: Any = AppointmentForm
    fields = POST

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The posts at places that the person keeps."""
        return super().get_queryset(request).filter(_at_kept_places(request))


def _at_kept_places(request: HttpRequest) -> Q:
    kept = kept_districts(request)
    return Q(district__in=kept) | Q(community__district__in=kept)


class AppointmentInline(PostsOfOthers, admin.TabularInline):
    model = Appointment
    fk_name = "person"
    extra = 0
    readonly_fields = [SINCE, UNTIL]

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> list[Any]:
        """The own posts are only read, and a date that is read has the office's form."""
        if obj == request.user:
            return ["role", "district", "community", SINCE, UNTIL, "order", "is_registrar", "acting_for"]
        return POST

    def has_add_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Whoever keeps accounts, except for the own posts."""
        return obj != request.user and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Whoever keeps accounts, except for the own posts."""
        return obj != request.user and super().has_change_permission(request, obj)


@admin.register(Person)
class PersonAdmin(NeverDeleted, admin.ModelAdmin):
    """Accounts. Passwords are given out on paper, on the page of accounts, and are not seen or set here."""

    fields = ["username", "full_name", "is_active", "thai_digits"]
    list_display = ["username", "full_name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "full_name"]
    ordering = ["username"]
    inlines = [AppointmentInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Who has or had a post in the districts kept, and who has none anywhere yet."""
        posts = Appointment.objects.filter(person=OuterRef("pk"))
        people = super().get_queryset(request)
        return people.filter(Exists(posts.filter(_at_kept_places(request))) | ~Exists(posts))

    def save_model(self, request: HttpRequest, obj: Person, form: forms.ModelForm, change: bool) -> None:
        """A new account cannot be signed in to until the office hands out its first password."""
        if not change:
            obj.set_unusable_password()
            obj.must_change_password = True
        super().save_model(request, obj, form, change)


@admin.register(Appointment)
class AppointmentAdmin(PostsOfOthers, admin.ModelAdmin):
    """Posts: who does what, where, from when until when, by which order."""

    fields = ["person", *POST]
    list_display = ["person", "role", "district", "community", SINCE, UNTIL, "is_registrar"]
    list_filter = ["role", "is_registrar"]
    list_select_related = ["person", "district", "community"]
    search_fields = ["person__username", "person__full_name"]
    autocomplete_fields = ["person"]

    def has_change_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        """Whoever keeps accounts, except for the own posts."""
        return (obj is None or obj.person_id != request.user.pk) and super().has_change_permission(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Appointment | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, which refuses the person at the keyboard."""
        form = super().get_form(request, obj, change, **kwargs)
        return type("AppointmentOfAnotherForm", (form,), {"clean_person": _refuse(request.user)})


def _refuse(person: Any) -> Any:
    def clean_person(form: forms.ModelForm) -> Person:
        if form.cleaned_data["person"] == person:
            raise ValidationError(gettext("Nobody appoints themselves."), code="appoints_themselves")
        return form.cleaned_data["person"]

    return clean_person


# --- places ---


@admin.register(District)
class DistrictAdmin(NeverDeleted, admin.ModelAdmin):
    """Districts by their area codes; only the own ones can be changed."""

    fields = ["code", "agency_code", "name_th", "name_en"]
    list_display = ["code", "name_th", "name_en", "agency_code"]
    search_fields = ["code", "name_th", "name_en"]

    def has_change_permission(self, request: HttpRequest, obj: District | None = None) -> bool:
        """Whoever keeps that district."""
        return (obj is None or obj.pk in kept_districts(request)) and super().has_change_permission(request, obj)


class OfKeptDistricts(BaseModelAdmin):
    """Rows of the districts that the person keeps."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Rows of the districts kept."""
        return super().get_queryset(request).filter(district__in=kept_districts(request))


@admin.register(Subdistrict)
class SubdistrictAdmin(NeverDeleted, KeptPlaces, OfKeptDistricts, ImportExportMixin, admin.ModelAdmin):
    """Sub-districts of the districts kept."""

    resource_classes = [SubdistrictResource]
    fields = ["district", "code", "name_th", "name_en"]
    list_display = ["code", "name_th", "name_en", "district"]
    list_select_related = ["district"]
    search_fields = ["code", "name_th"]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add sub-districts one by one."""
        return self.has_add_permission(request)


@admin.register(CommunityType)
class CommunityTypeAdmin(NeverDeleted, ImportExportMixin, admin.ModelAdmin):
    """Community types of each rule of the city."""

    resource_classes = [CommunityTypeResource]
    fields = ["name_th", "rule_year_be"]
    list_display = ["name_th", "rule_year_be"]
    list_filter = ["rule_year_be"]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add types one by one."""
        return self.has_add_permission(request)


class CodeForm(forms.ModelForm):
    """A community's code. One given out already can only be ended: houses were tagged under it."""

    class Meta:
        model = CommunityCode
        fields = ["code", "in_force_from", "in_force_until", "letter"]
        field_classes = {"in_force_from": BuddhistDateField, "in_force_until": BuddhistDateField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "in_force_from"):
            self.fields[name].disabled = self.instance.pk is not None

    def clean_code(self) -> str:
        """The code in the office's shape."""
        try:
            return clean_community_code(self.cleaned_data["code"], settings.COMMUNITY_CODE_PATTERN)
        except NotACommunityCode as problem:
            raise ValidationError(
                gettext("A community code has digits only, at most 8."), code="not_a_code"
            ) from problem


class DatedInline(NeverDeleted, admin.TabularInline):
    """What is true of a community from a day on: changed by ending one row and beginning the next."""

    extra = 0


class CodeInline(DatedInline):
    model = CommunityCode
    form = CodeForm


class NameInline(DatedInline):
    model = CommunityName
    fields = ["kind", "name_th", "name_en", "in_force_from", "in_force_until", "letter"]


class TypingInline(DatedInline):
    model = CommunityTyping
    fields = ["community_type", "in_force_from", "in_force_until", "letter"]


class ExpectedInline(DatedInline):
    model = ExpectedHouses
    fields = ["houses", "in_force_from", "in_force_until", "letter"]


@admin.register(Community)
class CommunityAdmin(NeverDeleted, KeptPlaces, OfKeptDistricts, ExportMixin, admin.ModelAdmin):
    """Communities of the districts kept, with their codes, names, types and expected numbers over time."""

    resource_classes = [CommunityResource]
    fields = ["subdistrict"]
    list_display = ["code_today", "name_today", "subdistrict", "type_today", "expected_today"]
    list_display_links = ["code_today", "name_today"]
    list_select_related = ["subdistrict"]
    list_filter = ["subdistrict"]
    search_fields = ["codes__code", "names__name_th"]
    inlines = [CodeInline, NameInline, TypingInline, ExpectedInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what is true of each today."""
        communities: Any = super().get_queryset(request)
        return communities.as_at(timezone.localdate()).order_by("label_code", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Community | None = None) -> list[str]:
        """A community stays where it was announced."""
        return ["subdistrict"] if obj else []

    def save_model(self, request: HttpRequest, obj: Community, form: forms.ModelForm, change: bool) -> None:
        """The district follows from the sub-district."""
        obj.district_id = obj.subdistrict.district_id
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        """Each new dated row says who recorded it."""
        for row in formset.save(commit=False):
            if row.recorded_by_id is None:
                row.recorded_by = request.user
            row.save()
        formset.save_m2m()

    @admin.display(description=_("community code"), empty_value="–")
    def code_today(self, community: Community) -> str | None:
        """The code in force today, or the newest."""
        return community.label_code

    @admin.display(description=_("Thai name"))
    def name_today(self, community: Community) -> str:
        """The official name of today."""
        return str(community)

    @admin.display(description=_("type"), empty_value="–")
    def type_today(self, community: Community) -> str | None:
        """The type of today."""
        return community.type_name

    @admin.display(description=_("expected houses"), empty_value="–")
    def expected_today(self, community: Community) -> int | None:
        """The expected number of today."""
        return community.expected
