"""Reference data as tables to hand out and take in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from .formulas import as_it_was, harmless
from .models import Community, CommunityType, District, Subdistrict
from .roles import Action
from .scope import reach_of


class TextStaysText(resources.ModelResource):
    """No cell that goes out can run as a formula; one that comes back is what it was."""

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """The cell, harmless if it is text."""
        cell = super().export_field(field, instance, **kwargs)
        return harmless(cell) if isinstance(cell, str) else cell

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Takes off what exporting put before a text."""
        for name, cell in row.items():
            if isinstance(cell, str):
                row[name] = as_it_was(cell)


class SubdistrictResource(TextStaysText):
    """Sub-districts by their area codes; a district is named by its own code."""

    district = fields.Field("district", "district", widgets.ForeignKeyWidget(District, "code"))

    class Meta:
        model = Subdistrict
        import_id_fields = ["code"]
        fields = ["code", "name_th", "name_en", "district"]
        export_order = ["district", "code", "name_th", "name_en"]
        clean_model_instances = True
        skip_unchanged = True

    def before_save_instance(self, instance: Subdistrict, row: Any, **kwargs: Any) -> None:
        """Refuses a sub-district of a district that the person does not keep, before and after the change."""
        kept = reach_of(kwargs["user"]).in_districts([Action.KEEP_REFERENCE_DATA])
        before = Subdistrict.objects.filter(code=instance.code).values_list("district", flat=True)
        if not {instance.district_id, *before} <= kept:
            raise ValidationError(_("Sub-district %(code)s lies outside your districts.") % {"code": instance.code})


class CommunityTypeResource(TextStaysText):
    """Community types by name and the year of the rule that made them."""

    class Meta:
        model = CommunityType
        import_id_fields = ["name_th", "rule_year_be"]
        fields = ["name_th", "rule_year_be"]
        skip_unchanged = True


class CommunityResource(TextStaysText):
    """Communities with what is true of them today; they come in by the announced list, which keeps their history."""

    code = fields.Field("label_code", "code")
    name_th = fields.Field("name_th", "name_th")
    name_en = fields.Field("name_en", "name_en")
    type_name = fields.Field("type_name", "type")
    expected = fields.Field("expected", "expected_houses")
    subdistrict = fields.Field("subdistrict__code", "subdistrict")

    class Meta:
        model = Community
        fields = ["code", "name_th", "name_en", "type_name", "expected", "subdistrict"]
