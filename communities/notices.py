"""What a page says after something was done, with the way to undo it."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def say_done(request: HttpRequest, sentence: str, *, undo_at: str = "") -> None:
    """Show the sentence on the next page; `undo_at` is the address to which its undo button posts."""
    messages.success(request, sentence, extra_tags=f"{UNDO}{undo_at}" if undo_at else "")
