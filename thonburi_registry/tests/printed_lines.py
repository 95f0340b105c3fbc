"""The lines of a paragraph in a browser's print, and the same places of a PDF: their ink held against each other."""

from __future__ import annotations

import dataclasses
import io

import pypdfium2
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Page

A4, LEFT, TOP, WIDTH = (210, 297), 30, 20, 160  # millimetres, as css/paper.css lays the page out
SCALE = 2  # pixels to each of the browser's
PIXELS_A_MM = 96 * SCALE / 25.4
_DARK = 128
_NEARBY = 3  # pixels: two printers draw the edge of the same letter a hair apart
_FARTHEST = 6  # pixels by which a line may lie elsewhere on the page
# The text of each line of an element with its place on the page.
_LINES = """element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), lines = [];
    for (let node; (node = walker.nextNode()); ) {
        for (let at = 0; at < node.length; at++) {
            const range = document.createRange();
            range.setStart(node, at); range.setEnd(node, at + 1);
            const box = range.getBoundingClientRect(), last = lines.at(-1);
            if (last && Math.abs(last.top - box.top) < 4) last.text += node.data[at];
            else if (box.height) lines.push({text: node.data[at], top: box.top, bottom: box.bottom});
        }
    }
    return lines;
}"""


@dataclasses.dataclass(frozen=True)
class Line:
    """A line as the browser broke it: its text, and where on the paper it stands (pixels from top and bottom edge)."""

    text: str
    top: int
    bottom: int


def as_browser_prints(page: Page, selector: str) -> tuple[list[Line], Image.Image]:
    """The lines of the element and a picture of the sheet, laid out for print at the width of the paper's text."""
    page.emulate_media(media="print")
    page.evaluate("width => document.documentElement.style.width = width", f"{WIDTH}mm")
    page.evaluate("document.fonts.ready")
    told = page.locator(selector).evaluate(_LINES)
    lines = [Line(one["text"], round(one["top"] * SCALE), round(one["bottom"] * SCALE)) for one in told]
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    return lines, _in_black(picture)


def as_pdf_prints(pdf: bytes) -> Image.Image:
    """The text area of the first sheet, as large as the browser's picture of it."""
    sheet = pypdfium2.PdfDocument(pdf)[0]
    whole = sheet.render(scale=A4[1] * PIXELS_A_MM / sheet.get_height()).to_pil()
    return _in_black(whole.crop((round(LEFT * PIXELS_A_MM), round(TOP * PIXELS_A_MM), *whole.size)))


def _in_black(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point(lambda grey: 255 if grey < _DARK else 0)


def disagreement(line: Line, one: Image.Image, other: Image.Image) -> float:
    """How much of the line's ink on one sheet has none nearby on the other, either way: 0 for the same, up to 1."""
    drawn = _band(one, line.top, line.bottom)
    # First roughly, pixel by pixel only round the best place.
    best = min(range(-_FARTHEST, _FARTHEST + 1, 3), key=lambda down: _apart(drawn, _moved(other, line, 0, down)))
    return min(
        _apart(drawn, _moved(other, line, across, down)) for across in (-2, 0, 2) for down in range(best - 2, best + 3)
    )


def _moved(sheet: Image.Image, line: Line, across: int, down: int) -> Image.Image:
    return ImageChops.offset(_band(sheet, line.top + down, line.bottom + down), across, 0)


def _band(sheet: Image.Image, top: int, bottom: int) -> Image.Image:
    return sheet.crop((0, top, round(WIDTH * PIXELS_A_MM), bottom))


def _apart(one: Image.Image, other: Image.Image) -> float:
    ink = _ink(one) + _ink(other)
    alone = _ink(ImageChops.subtract(one, _thickened(other))) + _ink(ImageChops.subtract(other, _thickened(one)))
    return alone / ink if ink else 0.0


def _thickened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.MaxFilter(_NEARBY))


def _ink(picture: Image.Image) -> int:
    return picture.histogram()[255]
