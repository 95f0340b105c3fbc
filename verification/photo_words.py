"""What a photo's file says of itself (EXIF): how it was held, when and where it was taken. Believed by nobody."""

from __future__ import annotations

import dataclasses
import datetime
import re
import struct
from typing import Any

from django.utils import timezone
from PIL import Image

_EXIF, _GPS, _ORIENTATION = 0x8769, 0x8825, 0x0112
_TAKEN_AT, _OFFSET = 0x9003, 0x9011
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
# Clocks of Thai phones write Buddhist years.
_BUDDHIST_YEARS, _YEARS_AHEAD = range(2400, 2800), 543
_FIRST_YEAR = 1990  # before it there were no such files; a clock that was never set says so
_OFFSET_SHAPE = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)")
# All that Pillow's readers raise for a file that is broken, or that is not what its head says.
BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, AttributeError, struct.error),
    *(RuntimeError, OverflowError, ZeroDivisionError, MemoryError, Image.DecompressionBombError),
)


@dataclasses.dataclass(frozen=True)
class PhotoWords:
    """Orientation as in EXIF (1 upright … 8), the camera's clock, degrees with south and west negative."""

    orientation: int = 1
    taken_at: datetime.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def words_of(exif: bytes) -> PhotoWords:
    """What these EXIF bytes say; what is not there, cannot be or cannot be read is left out."""
    told = Image.Exif()
    try:
        told.load(exif)
        orientation = told.get(_ORIENTATION)
    except BROKEN:
        return PhotoWords()
    latitude, longitude = _place(told)
    upright = not isinstance(orientation, int) or not 1 <= orientation <= 8
    return PhotoWords(1 if upright else int(orientation or 1), _taken_at(told), latitude, longitude)


def _taken_at(exif: Image.Exif) -> datetime.datetime | None:
    """None also for a time that has not come yet, or before there were such files."""
    try:
        told = exif.get_ifd(_EXIF)
        year, _colon, rest = str(told.get(_TAKEN_AT, "")).strip("\0 ").partition(":")
        if int(year) in _BUDDHIST_YEARS:
            year = f"{int(year) - _YEARS_AHEAD:04}"
        clock = datetime.datetime.strptime(f"{year}:{rest}", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # a camera's clock
        taken_at = clock.replace(tzinfo=_zone(str(told.get(_OFFSET, ""))))
        may_be = clock.year >= _FIRST_YEAR and taken_at <= timezone.now() + datetime.timedelta(days=1)
        return taken_at if may_be else None
    except BROKEN:
        return None


def _zone(told: str) -> datetime.tzinfo:
    """The offset from Greenwich that the file gives, else the office's."""
    if not (found := _OFFSET_SHAPE.fullmatch(told.strip("\0 "))):
        return timezone.get_default_timezone()
    sign, hours, minutes = found.groups()
    return datetime.timezone(datetime.timedelta(minutes=(int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)))


def _place(exif: Image.Exif) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude; none where the file does not say both."""
    try:
        told = exif.get_ifd(_GPS)
        latitude = _degrees(told[_LATITUDE], negative=_letter(told.get(_LATITUDE_REF)) == "S")
        longitude = _degrees(told[_LONGITUDE], negative=_letter(told.get(_LONGITUDE_REF)) == "W")
    except BROKEN:
        return None, None
    within = abs(latitude) <= 90 and abs(longitude) <= 180  # never true of a number that is none
    return (latitude, longitude) if within else (None, None)


def _letter(told: Any) -> str:
    return str(told).strip("\0 ").upper()


def _degrees(told: Any, *, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in told)
    if not (degrees >= 0 and 0 <= minutes <= 60 and 0 <= seconds <= 60):
        raise ValueError("no degrees")
    size = degrees + minutes / 60 + seconds / 3600
    return -size if negative else size
