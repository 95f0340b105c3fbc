"""How numbers, dates and digits look on the pages."""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.base import Message
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from communities.templatetags import registry

FEBRUARY = datetime.date(2015, 2, 6)


def shown(source: str, *, thai_digits: bool = False, language: str = "th", **values: object) -> str:
    context = Context({"user": SimpleNamespace(thai_digits=thai_digits), **values})
    with translation.override(language):
        return Template("{% load registry %}" + source).render(context)


@pytest.mark.parametrize(
    ("source", "arabic", "thai"),
    [
        ("{% num 15770 %}", "15,770", "๑๕,๗๗๐"),
        ("{% num nothing %}", "–", "–"),
        ("{% digits '41/5 ก' %}", "41/5 ก", "๔๑/๕ ก"),
        ("{% day when %}", "6 ก.พ. 2558", "๖ ก.พ. ๒๕๕๘"),
        ("{% day_long when %}", "6 กุมภาพันธ์ 2558", "๖ กุมภาพันธ์ ๒๕๕๘"),
        ("{% month when %}", "กุมภาพันธ์ 2558", "กุมภาพันธ์ ๒๕๕๘"),
        ("{% percent 312 358 %}", "87%", "๘๗%"),
    ],
)
def test_digits_follow_the_persons_preference(source: str, arabic: str, thai: str) -> None:
    values = {"when": FEBRUARY, "nothing": None}
    assert shown(source, **values) == arabic
    assert shown(source, thai_digits=True, **values) == thai


def test_a_part_that_is_shut_off_from_the_page_knows_the_person_too() -> None:
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(thai_digits=True, is_authenticated=False)
    page = Template("{% include '_parts/stat.html' with value=184 label='บ้าน' only %}")
    assert "๑๘๔" in page.render(RequestContext(request))


def test_a_visitor_without_an_account_reads_arabic_digits() -> None:
    assert Template("{% load registry %}{% num 1200 %}").render(Context({})) == "1,200"


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("{% day when %}", "6 Feb 2558"),
        ("{% day_long when %}", "6 February 2558"),
        ("{% month when %}", "February 2558"),
    ],
)
def test_english_pages_keep_buddhist_years(source: str, english: str) -> None:
    assert shown(source, language="en", when=FEBRUARY) == english


def test_a_moment_is_shown_by_the_offices_clock() -> None:
    late_in_greenwich = datetime.datetime(2015, 2, 5, 20, 30, tzinfo=datetime.UTC)
    assert shown("{% clock when %}", when=late_in_greenwich) == "6 ก.พ. 2558 03:30"
    assert shown("{% day when %}", when=late_in_greenwich) == "6 ก.พ. 2558"


def test_only_all_of_it_is_a_hundred_per_cent() -> None:
    assert shown("{% percent 15769 15770 %}") == "99%"
    assert shown("{% percent 15770 15770 %}") == "100%"
    assert shown("{% percent 3 0 %}") == "–"


def test_digits_of_a_house_number_are_escaped_like_any_text() -> None:
    assert shown("{% digits text %}", text="<b>1</b>") == "&lt;b&gt;1&lt;/b&gt;"


@given(whole=st.integers(0, 10_000), parts=st.lists(st.integers(0, 10_000), max_size=4))
def test_pieces_of_a_bar_lie_side_by_side_within_it(whole: int, parts: list[int]) -> None:
    pieces = registry.bar_pieces(whole, **{f"part_{place}": size for place, size in enumerate(parts)})
    end = 0.0
    for piece in pieces:
        start, width = (float(str(piece[side]).removesuffix("%")) for side in ("x", "width"))
        assert start == pytest.approx(end, abs=0.02)
        assert (width > 0) == (piece["size"] > 0) or end > 99
        end = start + width
    assert end <= 100.02


def test_a_notice_carries_the_address_of_its_undo() -> None:
    assert registry.undo_address(Message(25, "done", extra_tags="undo:/batches/7/undo/")) == "/batches/7/undo/"
    assert registry.undo_address(Message(25, "done")) == ""
