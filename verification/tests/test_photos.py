"""Photos of every make, and files that only say they are photos."""

import io
import struct
import zlib

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from verification.paper_pdf import can_print
from verification.photos import LARGEST_BYTES, LONGEST_SIDE, SMALL_SIDE, read_photo

pillow_heif.register_heif_opener()  # so that the tests can write it


def picture(size=(64, 32), mode="RGB", colour=None):
    return Image.new(mode, size, colour if colour is not None else 0)


def sent(image, kind="JPEG", **how):
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def read(content):
    return read_photo(io.BytesIO(content))


def refused(content):
    with pytest.raises(ValidationError) as refusal:
        read(content)
    return refusal.value.code


def shown(photo):
    return Image.open(io.BytesIO(photo.picture))


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_that_says(width, height):
    """A PNG of a few bytes whose head claims this many pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_kind_of_a_phone_becomes_a_jpeg(kind):
    photo = read(sent(picture(colour=(200, 40, 40)), kind))
    assert shown(photo).format == "JPEG"
    assert (photo.width, photo.height) == (64, 32)
    assert photo.thumbnail.startswith(b"\xff\xd8")


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_way_to_write_colours_is_read(mode):
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    assert shown(read(sent(picture(mode=mode), kind))).mode == "RGB"


def test_what_is_see_through_is_white():
    assert shown(read(sent(picture(mode="RGBA", colour=(0, 0, 0, 0)), "PNG"))).getpixel((5, 5)) == (255, 255, 255)


def test_48_megapixels_are_made_small():
    photo = read(sent(picture((8000, 6000), "L"), "JPEG", quality=10))
    assert max(photo.width, photo.height) == LONGEST_SIDE
    assert max(Image.open(io.BytesIO(photo.thumbnail)).size) == SMALL_SIDE


def test_time_and_place_are_told_and_taken_out():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8769)[0x9003] = "2015:03:11 09:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (13.0, 43.0, 12.0), 3: "E", 4: (100.0, 29.0, 6.0)})
    photo = read(sent(picture((64, 32)), exif=exif))
    assert (photo.width, photo.height) == (32, 64)
    assert photo.taken_at.isoformat() == "2015-03-11T09:30:00+07:00"
    assert (round(photo.latitude, 3), round(photo.longitude, 3)) == (13.72, 100.485)
    assert not shown(photo).getexif()
    assert b"Exif" not in photo.picture


@pytest.mark.parametrize(
    "lies", [{2: (1, 0, 0)}, {2: (1.0, 2.0), 4: (1.0, 2.0)}, {2: (99.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}]
)
def test_a_place_that_cannot_be_is_none(lies):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "yesterday"
    exif.get_ifd(0x8825).update(lies)
    photo = read(sent(picture(), exif=exif))
    assert (photo.taken_at, photo.latitude, photo.longitude) == (None, None, None)


def test_the_first_of_many_pictures_is_taken():
    frames = [picture(colour=(0, 0, 0)), picture(colour=(255, 255, 255))]
    moving = sent(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert shown(read(moving)).getpixel((5, 5)) == (0, 0, 0)
    burst, held = io.BytesIO(), pillow_heif.from_pillow(frames[0])
    held.add_from_pillow(frames[1])
    held.save(burst)
    assert max(shown(read(burst.getvalue())).getpixel((5, 5))) < 10


def test_the_same_file_has_the_same_fingerprint():
    content = sent(picture())
    assert read(content).fingerprint == read(content).fingerprint != read(sent(picture((65, 32)))).fingerprint


def test_a_claim_of_a_billion_pixels_is_refused_before_one_is_read():
    assert refused(png_that_says(60_000, 60_000)) == "too_many_pixels"


def test_files_that_are_no_photos_are_refused():
    whole = sent(picture((640, 480)))
    assert refused(b"") == "empty"
    assert refused(b"\xff\xd8" + bytes(LARGEST_BYTES)) == "too_large"
    assert refused(b"%PDF-1.7 photo.jpg") == "not_a_photo"
    assert refused(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>") == "not_a_photo"
    assert refused(b"GIF89a" + bytes(40)) == "not_a_photo"
    assert refused(whole[: len(whole) // 3]) in ("unreadable", "not_a_photo")
    assert refused(png_that_says(640, 480)) == "unreadable"
    assert refused(sent(picture(), "HEIF")[:200]) in ("unreadable", "not_a_photo")


def test_a_broken_photo_is_refused_in_a_process_that_made_papers_before():
    assert can_print()
    assert refused(png_that_says(640, 480)) == "unreadable"


def test_a_photo_that_is_also_a_page_keeps_nothing_of_the_page():
    photo = read(sent(picture(), comment=b"<script>alert(1)</script>") + b"<html><script>alert(1)</script>")
    assert b"script" not in photo.picture + photo.thumbnail
