"""Reads every file of a folder as a photo, in a process of its own, and says as JSON what came of each.

python -m verification.tests.read_odd_images FOLDER
"""

import io
import json
import os
import pathlib
import re
import struct
import sys
import time

COLOURS = {"R": (255, 0, 0), "G": (0, 255, 0), "B": (0, 0, 255), "W": (255, 255, 255), "K": (0, 0, 0)}
# The marks of a JPEG that holds nothing but a picture.
PICTURE_ALONE = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xDD}


def peak() -> int:
    """The most memory this process has held until now, in MB."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) // 1024


def marks(picture: bytes) -> set[int]:
    """The marks of a JPEG up to its pixels; one that does not end where the file ends counts as 0."""
    found, at = set(), 2
    while 0xDA not in found:
        found.add(picture[at + 1])
        at += 2 + struct.unpack_from(">H", picture, at + 2)[0]
    return found if picture.endswith(b"\xff\xd9") and picture.count(b"\xff\xd9") == 1 else found | {0}


def shown(picture: bytes) -> str:
    """The colours in the middle of the four quarters, by rows."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture))
    spots = [(x * image.width // 4, y * image.height // 4) for y in (1, 3) for x in (1, 3)]
    near = lambda pixel: min(COLOURS, key=lambda c: sum((a - b) ** 2 for a, b in zip(pixel, COLOURS[c], strict=True)))  # noqa: E731
    return "".join(near(image.getpixel(spot)) for spot in spots)


def read(path: pathlib.Path) -> dict[str, object]:
    """What came of the file."""
    from django.core.exceptions import ValidationError

    from verification.photos import read_photo

    started = time.monotonic()
    try:
        with path.open("rb") as file:
            photo = read_photo(file)
    except ValidationError as refusal:
        return {
            "outcome": refusal.code,
            "said": refusal.messages[0],
            "peak": peak(),
            "took": time.monotonic() - started,
        }
    seconds = time.monotonic() - started
    return {
        "outcome": "accepted",
        "shows": shown(photo.picture),
        "width": photo.width,
        "height": photo.height,
        "taken_at": photo.taken_at and photo.taken_at.isoformat(),
        "place": None if photo.latitude is None else [round(photo.latitude, 3), round(photo.longitude, 3)],
        "keeps": sorted((marks(photo.picture) | marks(photo.thumbnail)) - PICTURE_ALONE),
        "peak": peak(),
        "took": seconds,
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "thonburi_registry.settings"
    import django

    django.setup()
    folder = sorted(pathlib.Path(sys.argv[1]).iterdir())
    print(json.dumps({path.name: read(path) for path in folder}))
