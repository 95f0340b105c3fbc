"""Photos as they come from phones: judged by their content, turned upright, made small, stripped of what they tell.

What the file said of time and place is handed over beside the picture (product.md V4); the picture itself keeps none.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import struct
from typing import IO, Any

import pillow_heif
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener()
# `read_photo` judges the pixels itself, by the head of the file and with a sentence, before one of them is decoded.
Image.MAX_IMAGE_PIXELS = None

LARGEST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE, SMALL_SIDE = 2_400, 320  # pixels
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_QUALITY = 85
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN_AT = 0x9003
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
# All that Pillow's readers raise for a file that is broken, or that is not what its head says.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error, RuntimeError)


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


def read_photo(file: IO[bytes]) -> ReadPhoto:
    """Reads a JPEG, PNG, WebP or HEIC picture of at most 20 MB and 50 megapixels; of several, the first.

    `fingerprint` is the SHA-256 of the file as it was sent. Raises ValidationError `empty`, `too_large`,
    `too_many_pixels`, `not_a_photo`, `unreadable`.
    """
    content = file.read(LARGEST_BYTES + 1)
    if not content:
        raise ValidationError(_("The photo is empty. Take it again."), code="empty")
    if len(content) > LARGEST_BYTES:
        raise ValidationError(_("The photo is larger than 20 MB. Take it again with a smaller size."), code="too_large")
    opened = _opened(content)
    taken_at, (latitude, longitude) = _taken_at(opened), _place(opened)
    upright = _upright(opened)
    return ReadPhoto(
        picture=_as_jpeg(upright),
        thumbnail=_as_jpeg(_fitted(upright, SMALL_SIDE)),
        width=upright.width,
        height=upright.height,
        taken_at=taken_at,
        latitude=latitude,
        longitude=longitude,
        fingerprint=hashlib.sha256(content).hexdigest(),
    )


def _opened(content: bytes) -> Image.Image:
    """The picture with its head read and not yet a pixel."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError as problem:
        raise ValidationError(
            _("That is not a photo. JPEG, PNG, WebP and HEIC can be sent."), code="not_a_photo"
        ) from problem
    except _BROKEN as problem:
        raise _unreadable() from problem
    if image.width * image.height > MOST_PIXELS:
        raise ValidationError(
            _("The photo has more than 50 megapixels. Take it again with a smaller size."), code="too_many_pixels"
        )
    return image


def _unreadable() -> ValidationError:
    return ValidationError(_("The photo is damaged and cannot be read. Take it again."), code="unreadable")


def _upright(image: Image.Image) -> Image.Image:
    """The picture in its colours, upright, no side longer than wanted."""
    try:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than it is needed
        turned = ImageOps.exif_transpose(_fitted(image, LONGEST_SIDE))
        return _in_colour(turned)
    except (*_BROKEN, Image.DecompressionBombError) as problem:
        raise _unreadable() from problem


def _fitted(image: Image.Image, side: int) -> Image.Image:
    fitted = image.copy()
    fitted.thumbnail((side, side))
    # What a copy loses and turning needs.
    fitted.info.setdefault("exif", image.info.get("exif", b""))
    return fitted


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


# --- what the file says of itself: believed by nobody, kept as a hint ---


def _taken_at(image: Image.Image) -> datetime.datetime | None:
    try:
        said = str(image.getexif().get_ifd(_EXIF).get(_TAKEN_AT, ""))
        naive = datetime.datetime.strptime(said.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # a camera's clock
        return timezone.make_aware(naive)
    except (*_BROKEN, OverflowError):
        return None


def _place(image: Image.Image) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude in degrees, south and west negative; none where the file does not say both."""
    try:
        told = image.getexif().get_ifd(_GPS)
        latitude = _degrees(told[_LATITUDE], negative=told.get(_LATITUDE_REF) == "S")
        longitude = _degrees(told[_LONGITUDE], negative=told.get(_LONGITUDE_REF) == "W")
    except (*_BROKEN, ZeroDivisionError, OverflowError):
        return None, None
    within = abs(latitude) <= 90 and abs(longitude) <= 180  # never true of a number that is none
    return (latitude, longitude) if within else (None, None)


def _degrees(told: Any, *, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in told)
    size = degrees + minutes / 60 + seconds / 3600
    return -size if negative else size
