"""Selects with many options, written at once: Django's own widget renders a template for each option."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select whose options are plain pairs of value and label, without groups."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The select with its options; the chosen one is marked."""
        final = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        chosen = "" if value is None else str(value)
        options = tuple(("" if key is None else str(key), str(label)) for key, label in self.choices)
        return format_html("<select{}>{}</select>", _attributes(final), options_of(options, chosen))


def _attributes(attrs: dict[str, Any]) -> SafeString:
    stated: Iterable[tuple[str, Any]] = ((key, value) for key, value in attrs.items() if value not in (None, False))
    return format_html_join("", ' {}="{}"', ((key, key if value is True else value) for key, value in stated))


@lru_cache(maxsize=256)
def options_of(options: tuple[tuple[str, str], ...], chosen: str = "") -> SafeString:
    """The options, each a value and its label; pages of one district show the same ones again and again."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", label) for value, label in options),
    )


_SELECTED = SafeString(" selected")
