"""Photos as they come from phones: judged by their content, turned upright, made small, stripped of what they tell.

What the file said of time and place is handed over beside the picture (product.md V4); the picture itself keeps none.
A picture of 50 megapixels is never held in full colour twice: it is made small in strips, or while it is decoded.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
from collections.abc import Callable
from typing import IO

import pillow_heif
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from . import webp_pictures
from .photo_words import BROKEN, PhotoWords, words_of

# `read_photo` judges the pixels itself, by the head of the file and with a sentence, before one of them is decoded.
Image.MAX_IMAGE_PIXELS = None

LARGEST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SENT = 30_000  # pixels; a panorama has 16,000
LONGEST_SIDE, SMALL_SIDE = 2_400, 320  # pixels
_QUALITY = 85
_STRIP = 1_000_000  # pixels
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# A progressive JPEG is held as numbers of 16 bits until its last scan has come; beside them stands the picture.
_MOST_PROGRESSIVE = 220_000_000  # bytes
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclasses.dataclass(frozen=True)
class ReadPhoto:
    """A photo made anew as JPEG, with a small picture, and what its file said: pixels, degrees, the camera's clock."""

    picture: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime.datetime | None
    latitude: float | None
    longitude: float | None
    fingerprint: str


@dataclasses.dataclass(frozen=True)
class _Sent:
    """A file whose head is read: its size in pixels, its EXIF, and how to get it small and in colour."""

    width: int
    height: int
    exif: bytes
    small: Callable[[], Image.Image]
    is_upright: bool = False


def read_photo(file: IO[bytes]) -> ReadPhoto:
    """Reads a JPEG, PNG, WebP or HEIC picture of at most 20 MB and 50 megapixels; of several, the first.

    Of a burst in HEIC that is the one its file calls the primary. `fingerprint` is the SHA-256 of the file as it was
    sent. Raises ValidationError `empty`, `too_large`, `too_many_pixels`, `too_long`, `not_a_photo`, `unreadable`.
    """
    content = file.read(LARGEST_BYTES + 1)
    if not content:
        raise ValidationError(_("The photo is empty. Take it again."), code="empty")
    if len(content) > LARGEST_BYTES:
        raise ValidationError(_("The photo is larger than 20 MB. Take it again with a smaller size."), code="too_large")
    sent = _opened(content)
    _refuse_pixels(sent.width, sent.height)
    words = words_of(sent.exif)
    upright = _upright(sent, words)
    thumbnail = upright.copy()
    thumbnail.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return ReadPhoto(
        picture=_as_jpeg(upright),
        thumbnail=_as_jpeg(thumbnail),
        width=upright.width,
        height=upright.height,
        taken_at=words.taken_at,
        latitude=words.latitude,
        longitude=words.longitude,
        fingerprint=hashlib.sha256(content).hexdigest(),
    )


# --- the head: what it is, and how large ---


def _opened(content: bytes) -> _Sent:
    """The picture with its head read and not yet a pixel."""
    try:
        if webp_pictures.is_webp(content):
            return _webp(content)
        if _is_heic(content):
            return _heic(content)
        return _jpeg_or_png(content)
    except UnidentifiedImageError as problem:
        raise ValidationError(
            _("That is not a photo. JPEG, PNG, WebP and HEIC can be sent."), code="not_a_photo"
        ) from problem
    except BROKEN as problem:
        raise _unreadable() from problem


def _is_heic(content: bytes) -> bool:
    """Whether the file says of itself that it is HEIC; AVIF wears the same coat."""
    size = int.from_bytes(content[:4], "big")
    brands = {content[at : at + 4] for at in range(8, min(size, 200), 4)}
    return content[4:8] == b"ftyp" and bool(brands & _HEIC_BRANDS) and not brands & {b"avif", b"avis"}


def _jpeg_or_png(content: bytes) -> _Sent:
    image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    if image.format != "PNG" and image.info.get("progressive") and _held_progressive(image) > _MOST_PROGRESSIVE:
        raise _too_many_pixels()
    # A PNG may say what it says of itself behind its pixels; a phone's stands before them.
    return _Sent(image.width, image.height, image.info.get("exif", b""), lambda: _decoded(image))


def _held_progressive(image: Image.Image) -> int:
    """Bytes: two a pixel and layer, layers of colour being coarser by their sampling."""
    layers = [(across, down) for _layer, across, down, _table in getattr(image, "layer", [])]
    finest = max((across * down for across, down in layers), default=1)
    return sum(2 * image.width * image.height * across * down // finest for across, down in layers)


def _decoded(image: Image.Image) -> Image.Image:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than it is needed
    image.load()
    return _made_small(image.size, lambda top, bottom: image.crop((0, top, image.width, bottom)))


def _webp(content: bytes) -> _Sent:
    picture = webp_pictures.read_head(content)

    def small() -> Image.Image:
        longest = max(picture.width, picture.height, LONGEST_SIDE)
        size = [max(1, round(side * LONGEST_SIDE / longest)) for side in (picture.width, picture.height)]
        return _in_colour(webp_pictures.decoded(picture, (size[0], size[1])))

    return _Sent(picture.width, picture.height, picture.exif, small)


def _heic(content: bytes) -> _Sent:
    image = pillow_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)

    def small() -> Image.Image:
        pixels, stride, mode = memoryview(image.data), image.stride, image.mode

        def strip(top: int, bottom: int) -> Image.Image:
            rows = pixels[top * stride : bottom * stride]
            return Image.frombytes(mode, (image.size[0], bottom - top), rows, "raw", mode, stride, 1)

        return _made_small(image.size, strip)

    # Its container says how it was held, and the decoder obeys; EXIF would turn it twice.
    width, height = image.size
    return _Sent(width, height, image.info.get("exif") or b"", small, is_upright=True)


def _refuse_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if max(width, height) > LONGEST_SENT:
        raise ValidationError(_("The picture is much too long and narrow for a photo. Take it again."), code="too_long")
    if not width * height:
        raise _unreadable()


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("The photo has more than 50 megapixels. Take it again with a smaller size."), code="too_many_pixels"
    )


def _unreadable() -> ValidationError:
    return ValidationError(_("The photo is damaged and cannot be read. Take it again."), code="unreadable")


# --- the pixels ---


def _upright(sent: _Sent, words: PhotoWords) -> Image.Image:
    """The picture in its colours, upright, no side longer than wanted."""
    try:
        small = sent.small()
    except BROKEN as problem:
        raise _unreadable() from problem
    if sent.is_upright or words.orientation not in _TURNS:
        return small
    return small.transpose(_TURNS[words.orientation])


def _made_small(size: tuple[int, int], strip: Callable[[int, int], Image.Image]) -> Image.Image:
    """The picture of that size, whose rows from … to `strip` gives, with no side longer than wanted."""
    width, height = size
    factor = max(1, max(size) // LONGEST_SIDE)
    rows = factor * max(1, _STRIP // (width * factor))
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        band = _in_colour(strip(top, min(height, top + rows)))
        small.paste(band.reduce(factor), (0, top // factor))
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return small


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    return image.convert("RGB")


def _as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
