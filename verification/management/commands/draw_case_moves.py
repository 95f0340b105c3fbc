"""Draws the table of a case's moves anew for the docs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from verification.moves_drawn import page


class Command(BaseCommand):
    """Writes docs/case-moves.md from the table; the same table again changes nothing."""

    help = "Draws the table of a case's moves anew for the docs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the page and says where it is."""
        place = settings.BASE_DIR / "docs" / "case-moves.md"
        place.write_text(page(), encoding="utf-8")
        self.stdout.write(str(place.relative_to(settings.BASE_DIR)))
