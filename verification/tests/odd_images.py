"""More than 200 hostile and odd images, made here, each with its fault and what must come of it, typed by hand.

Nothing is read from a file; the large ones are flat colours, which are made in a blink.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pillow_heif
from PIL import Image, ImageCms

TAKEN = "accepted"
REFUSED = "refused"  # as what it is no photo, or as damaged: both are right
EITHER = "either"  # a decoder may mend it or give up, but never more than that
UNREADABLE, NOT_A_PHOTO, TOO_MANY, TOO_LONG, TOO_LARGE, EMPTY = (
    *("unreadable", "not_a_photo", "too_many_pixels", "too_long", "too_large", "empty"),
)
# The upright picture: red, green / blue, white.
UPRIGHT = "RGBW"
SIZE = (96, 64)
MEGA = 1_000_000
MOST_BYTES = 20 * 1024 * 1024
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"
PHP = b"<?php system($_GET['c']); ?>"


@dataclasses.dataclass(frozen=True)
class Odd:
    """An image: its fault, how it is made, what must come of it; of one that is accepted, what must be seen and told.

    `shows`: colours in the middle of the quarters, by rows; `told`: width, height, taken_at, place.
    """

    name: str
    make: Callable[[], bytes]
    outcome: str
    shows: str = ""
    told: dict[str, object] = dataclasses.field(default_factory=dict)


# --- how pictures are made ---


def quarters(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """Red, green, blue and white, upright."""
    width, height = size[0] // 2, size[1] // 2
    made = Image.new("RGB", size, "white")
    for colour, place in {"red": (0, 0), "lime": (width, 0), "blue": (0, height)}.items():
        made.paste(Image.new("RGB", (width, height), colour), place)
    return made.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    """The image as a file of that kind."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def jpeg(**how: object) -> bytes:
    """The quarters as JPEG."""
    return saved(quarters(), "JPEG", **{"quality": 90, "subsampling": 0, **how})


def png(mode: str = "RGB", **how: object) -> bytes:
    """The quarters as PNG."""
    return saved(quarters(mode=mode), "PNG", **how)


def webp(**how: object) -> bytes:
    """The quarters as WebP."""
    return saved(quarters(), "WEBP", **{"quality": 95, "exact": True, **how})


def heic(image: Image.Image | None = None, **how: object) -> bytes:
    """The quarters, or another image, as HEIC."""
    out = io.BytesIO()
    pillow_heif.from_pillow(image or quarters()).save(out, quality=90, **how)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def raw_png(  # the parts of a PNG's head
    width: int, height: int, rows: bytes | None = None, *, bits: int = 8, colour: int = 2, before: bytes = b""
) -> bytes:
    """A PNG written by hand: its pixels may be other than its head claims."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    pixels = zlib.compress(bytes(1000) if rows is None else rows, 1)
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def flat_png(width: int, height: int, *, bits: int = 8, colour: int = 2, before: bytes = b"") -> bytes:
    """A PNG of that many pixels, all alike."""
    layers = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = b"\0" + bytes(-(-width * layers * bits // 8))
    rows, rest = divmod(height, 50)
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
    many = squeeze.compress(row * 50) + squeeze.flush(zlib.Z_FULL_FLUSH)  # stands for itself, as often as it is written
    last = squeeze.compress(row * rest) + squeeze.flush()
    check = functools.reduce(lambda check, part: zlib.adler32(part, check), [row * 50] * rows + [row * rest], 1)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    idat = chunk(b"IDAT", b"\x78\x01" + many * rows + last + struct.pack(">I", check))
    return b"\x89PNG\r\n\x1a\n" + head + before + idat + chunk(b"IEND", b"")


def with_chunk(added: bytes, content: bytes | None = None) -> bytes:
    """A PNG with more behind its head."""
    content = content or png()
    return content[:33] + added + content[33:]


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segment(*added: bytes, content: bytes | None = None) -> bytes:
    """A JPEG with more behind its first mark."""
    content = content or jpeg()
    return content[:2] + b"".join(added) + content[2:]


def without_segment(content: bytes, marker: int) -> bytes:
    """A JPEG that lacks the segments of a kind."""
    at = content.index(bytes([0xFF, marker]))
    return content[:at] + content[at + 2 + struct.unpack_from(">H", content, at + 2)[0] :]


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    """The file with the first `old` replaced, which must be there."""
    assert old in content
    return content.replace(old, new, 1)


def jpeg_that_says(width: int, height: int, **how: object) -> bytes:
    """A JPEG of a few bytes whose head claims these pixels."""
    at = jpeg(**how).index(b"\xff\xc2" if how.get("progressive") else b"\xff\xc0")
    content = bytearray(jpeg(**how))
    struct.pack_into(">HH", content, at + 5, height, width)
    return bytes(content)


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    """A WebP of these chunks."""
    body = b"".join(kind + struct.pack("<I", len(part)) + part + bytes(len(part) % 2) for kind, part in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def vp8l_that_says(width: int, height: int) -> bytes:
    """A lossless WebP whose head claims these pixels."""
    return riff((b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(40)))


def vp8_that_says(width: int, height: int) -> bytes:
    """A lossy WebP whose head claims these pixels."""
    content = bytearray(webp())
    at = content.index(b"\x9d\x01\x2a")
    struct.pack_into("<HH", content, at + 3, width, height)
    return bytes(content)


def exif(
    orientation: object = None, taken: object = None, gps: dict[int, object] | None = None, **more: object
) -> bytes:
    """EXIF bytes that say this; `offset`: of the camera's clock."""
    told = Image.Exif()
    if orientation is not None:
        told[0x0112] = orientation
    if taken is not None:
        told.get_ifd(0x8769)[0x9003] = taken
    if more.get("offset"):
        told.get_ifd(0x8769)[0x9011] = more["offset"]
    if gps is not None:
        told.get_ifd(0x8825).update(gps)
    return told.tobytes()


def held(orientation: int) -> Image.Image:
    """The quarters as a camera keeps them that was held that way."""
    turn = Image.Transpose
    undo = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    return quarters().transpose(undo[orientation]) if orientation in undo else quarters()


def place(latitude: object, longitude: object, north: str = "N", east: str = "E") -> dict[int, object]:
    """The words of GPS."""
    return {1: north, 2: latitude, 3: east, 4: longitude}


def taken_of(said: object, **more: object) -> bytes:
    """A JPEG whose clock says this."""
    return jpeg(exif=exif(taken=said, **more))


def zipped() -> bytes:
    """A ZIP with a page in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return out.getvalue()


# --- HEIC of many tiles, written by hand: 50 megapixels of one small tile ---


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of an ISO media file."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes there: kind, and where their content begins and ends."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, start)
        yield kind, start + 8, start + size
        start += size


def within(content: bytes, *path: bytes) -> tuple[int, int]:
    """Where the content of the box lies at the end of the path."""
    start, end = 0, len(content)
    for wanted in path:
        start, end = next((a, b) for kind, a, b in boxes(content, start, end) if kind == wanted)
        start += 4 if wanted == b"meta" else 0
    return start, end


@functools.cache
def tile(side: int = 512) -> bytes:
    """A small HEIC of one colour."""
    return heic(Image.new("RGB", (side, side), (0, 0, 255)))


def heic_grid(width: int, height: int, *, claimed: tuple[int, int] | None = None, side: int = 512) -> bytes:
    """A HEIC that shows one tile as often as it takes, as phones write theirs; `claimed`: what its head says."""
    one = tile(side)
    across, down = -(-width // side), -(-height // side)
    count = across * down
    a, b = within(one, b"mdat")
    grid = struct.pack(">BBBBII", 0, 1, down - 1, across - 1, width, height)
    payload = grid + one[a:b]
    pa, pb = within(one, b"meta", b"iprp", b"ipco")
    kinds = [kind for kind, _start, _end in boxes(one, pa, pb)]
    said = claimed or (width, height)
    properties = box(b"ipco", one[pa:pb], box(b"ispe", struct.pack(">III", 0, *said)))
    of_tile = bytes([(0x80 if kind == b"hvcC" else 0) | (nth + 1) for nth, kind in enumerate(kinds)])
    of_grid = bytes([len(kinds) + 1, *(nth + 1 for nth, kind in enumerate(kinds) if kind in (b"colr", b"pixi"))])
    entries = [(1, of_grid), *((number, of_tile) for number in range(2, count + 2))]
    associations = b"".join(struct.pack(">HB", number, len(which)) + which for number, which in entries)
    ipma = box(b"ipma", struct.pack(">II", 0, len(entries)), associations)
    infe = [
        box(b"infe", struct.pack(">IHH4sB", 0x02000000, number, 0, b"grid" if number == 1 else b"hvc1", 0))
        for number in range(1, count + 2)
    ]
    iref = box(b"iref", bytes(4), box(b"dimg", struct.pack(f">HH{count}H", 1, count, *range(2, count + 2))))
    ha, hb = within(one, b"meta", b"hdlr")

    def meta(start: int) -> bytes:
        extents = [(1, start, len(grid)), *((n, start + len(grid), b - a) for n in range(2, count + 2))]
        iloc = b"".join(struct.pack(">HHHII", number, 0, 1, at, size) for number, at, size in extents)
        return box(
            b"meta",
            bytes(4),
            box(b"hdlr", one[ha:hb]),
            box(b"pitm", struct.pack(">IH", 0, 1)),
            box(b"iloc", struct.pack(">IBBH", 0, 0x44, 0, len(extents)), iloc),
            box(b"iinf", struct.pack(">IH", 0, len(infe)), *infe),
            box(b"iprp", properties, ipma),
            iref,
        )

    fa, fb = within(one, b"ftyp")
    first = box(b"ftyp", one[fa:fb])
    return first + meta(len(first) + len(meta(0)) + 8) + box(b"mdat", payload)


def stream_that_says(width: int, height: int) -> bytes:
    """A HEIC of 512x512 by its head, whose coded picture claims these pixels (HEVC's sequence parameters)."""
    one = tile()
    path = (b"meta", b"iprp", b"ipco", b"hvcC")
    start, end = within(one, *path)
    settings = one[start:end]
    at = settings.index(b"\x42\x01")
    size = struct.unpack_from(">H", settings, at - 2)[0]
    coded = _resized(settings[at : at + size], width, height)
    changed = settings[: at - 2] + struct.pack(">H", len(coded)) + coded + settings[at + size :]
    grown, content = len(changed) - len(settings), bytearray(one[:start] + changed + one[end:])
    for depth in range(1, len(path) + 1):
        head = within(one, *path[:depth])[0] - (12 if depth == 1 else 8)
        struct.pack_into(">I", content, head, struct.unpack_from(">I", content, head)[0] + grown)
    pixels = within(one, b"mdat")[0]
    said = content.index(struct.pack(">I", pixels), within(one, b"meta", b"iloc")[0])
    struct.pack_into(">I", content, said, pixels + grown)
    return bytes(content)


def _resized(coded: bytes, width: int, height: int) -> bytes:
    """The sequence parameters with another width and height; they stand behind 15 bytes and two short numbers."""
    bits = "".join(f"{byte:08b}" for byte in coded.replace(b"\0\0\3", b"\0\0"))
    at = 15 * 8
    for _nth in range(2):
        at = _number_end(bits, at)
    rest = _number_end(bits, _number_end(bits, at))
    written = (f"{number + 1:b}" for number in (width, height))
    bits = bits[:at] + "".join("0" * (len(number) - 1) + number for number in written) + bits[rest:]
    bits = bits.rstrip("0") + "0" * (-len(bits.rstrip("0")) % 8)
    bare = bytes(int(bits[n : n + 8], 2) for n in range(0, len(bits), 8))
    guarded = bytearray()
    for byte in bare:
        if byte <= 3 and guarded[-2:] == b"\0\0":
            guarded.append(3)
        guarded.append(byte)
    return bytes(guarded)


def _number_end(bits: str, at: int) -> int:
    """Where the number ends that begins there: as many noughts as digits behind its first."""
    return 2 * bits.index("1", at) - at + 1


def burst(primary: int) -> bytes:
    """Three pictures in a HEIC: black, the quarters, black; `primary` is the one its file calls so."""
    out, black = io.BytesIO(), Image.new("RGB", SIZE)
    made = pillow_heif.from_pillow(black)
    made.add_from_pillow(quarters())
    made.add_from_pillow(black)
    made.save(out, quality=90, primary_index=primary)
    return out.getvalue()


# --- the corpus, by fault ---


def heads() -> Iterator[Odd]:
    """Heads that claim more pixels than anybody has, none, or a thread of them."""
    for width, height in [(60_000, 60_000), (50_001, 1_000), (2**31 - 1, 2**31 - 1), (7_100, 7_100)]:
        yield Odd(f"PNG that says {width}x{height}", lambda w=width, h=height: raw_png(w, h), TOO_MANY)
    yield Odd("PNG of one column, 50,000,000 high", lambda: raw_png(1, 50 * MEGA), TOO_LONG)
    yield Odd("PNG of one row, 50,000,000 wide", lambda: raw_png(50 * MEGA, 1), TOO_LONG)
    yield Odd("PNG of 30,001x2", lambda: flat_png(30_001, 2), TOO_LONG)
    yield Odd("PNG of 30,000x2", lambda: flat_png(30_000, 2), TAKEN, told={"width": 2400, "height": 1})
    yield Odd("PNG of 2x30,000", lambda: flat_png(2, 30_000), TAKEN, told={"width": 1, "height": 2400})
    for width, height in [(0, 10), (10, 0), (0, 0)]:
        yield Odd(f"PNG of {width}x{height}", lambda w=width, h=height: raw_png(w, h), REFUSED)
    yield Odd("JPEG that says 65500x65500", lambda: jpeg_that_says(65_500, 65_500), TOO_MANY)
    yield Odd("JPEG that says 65500x96", lambda: jpeg_that_says(65_500, 96), TOO_LONG)
    yield Odd("JPEG of 0x0", lambda: jpeg_that_says(0, 0), REFUSED)
    yield Odd("JPEG that says 9000x5000 and has 96x64", lambda: jpeg_that_says(9_000, 5_000), EITHER)
    yield Odd(
        "progressive JPEG that says 65500x65500", lambda: jpeg_that_says(65_500, 65_500, progressive=True), TOO_MANY
    )
    yield Odd("lossless WebP that says 16384x16384", lambda: vp8l_that_says(16_384, 16_384), TOO_MANY)
    yield Odd("lossless WebP that says 7000x7000", lambda: vp8l_that_says(7_000, 7_000), EITHER)
    yield Odd("lossy WebP that says 16383x16383", lambda: vp8_that_says(16_383, 16_383), TOO_MANY)
    yield Odd("lossy WebP that says 7000x7000", lambda: vp8_that_says(7_000, 7_000), UNREADABLE)
    big = struct.pack("<I", 0x10) + (2**24 - 1).to_bytes(3, "little") * 2
    yield Odd("WebP whose canvas says 16777216x16777216", lambda: riff((b"VP8X", big)), UNREADABLE)
    yield Odd("HEIC that says 60000x60000", lambda: heic_grid(1024, 1024, claimed=(60_000, 60_000)), TOO_MANY)
    yield Odd(
        "HEIC that says 8192x6144 and has 1024x1024", lambda: heic_grid(1024, 1024, claimed=(8_192, 6_100)), EITHER
    )
    yield Odd("HEIC of 512x512 in another's settings", lambda: stream_that_says(512, 512), TAKEN, "BBBB")
    for side in (8_192, 16_384):
        yield Odd(f"HEIC of 512x512 whose stream says {side}x{side}", lambda s=side: stream_that_says(s, s), UNREADABLE)
    yield Odd("HEIC that says 64x64 and has 2000x1500", _heic_in_disguise, EITHER)
    yield Odd("HEIC of 0x0", lambda: patched(heic(), struct.pack(">II", *SIZE), bytes(8)), REFUSED)


def _heic_in_disguise() -> bytes:
    large = heic(Image.new("RGB", (2_000, 1_500)))
    return patched(large, struct.pack(">II", 2_000, 1_500), struct.pack(">II", 64, 64))


def sizes() -> Iterator[Odd]:
    """50 megapixels and 20 MB, to the last one."""
    whole, more = (8_000, 6_250), (8_000, 6_263)
    small = {"width": 2400, "height": 1875}

    def flat(mode: str, colour: object, size: tuple[int, int], kind: str, **how: object) -> bytes:
        return saved(Image.new(mode, size, colour), kind, **how)

    yield Odd("JPEG of 50 MP", lambda: flat("RGB", "blue", whole, "JPEG", quality=20), TAKEN, "BBBB", small)
    yield Odd(
        "JPEG of 50 MP in CMYK", lambda: flat("CMYK", (0, 0, 0, 0), whole, "JPEG", quality=20), TAKEN, "WWWW", small
    )
    yield Odd(
        "progressive JPEG of 50 MP",
        lambda: flat("RGB", "blue", whole, "JPEG", quality=20, progressive=True, subsampling=2),
        *(TAKEN, "BBBB", small),
    )
    yield Odd(
        "progressive JPEG of 50 MP with all its colours",
        lambda: jpeg_that_says(*whole, progressive=True, subsampling=0),
        TOO_MANY,
    )
    for name, colour, bits, shows in [
        ("RGB", 2, 8, "KKKK"),
        ("RGBA", 6, 8, "WWWW"),
        ("grey", 0, 8, "KKKK"),
        ("16-bit grey", 0, 16, "KKKK"),
        ("16-bit RGB", 2, 16, "KKKK"),
        ("grey with alpha", 4, 8, "WWWW"),
    ]:
        yield Odd(
            f"PNG of 50 MP in {name}", lambda c=colour, b=bits: flat_png(*whole, bits=b, colour=c), TAKEN, shows, small
        )
    palette = chunk(b"PLTE", bytes([0, 0, 255]))
    yield Odd("PNG of 50 MP with a palette", lambda: flat_png(*whole, colour=3, before=palette), TAKEN, "BBBB", small)
    yield Odd(
        "lossy WebP of 50 MP", lambda: flat("RGB", "blue", whole, "WEBP", quality=20, method=0), TAKEN, "BBBB", small
    )
    yield Odd(
        "lossless WebP of 50 MP",
        lambda: flat("RGB", "blue", whole, "WEBP", lossless=True, method=0),
        TAKEN,
        "BBBB",
        small,
    )
    yield Odd("HEIC of 50 MP", lambda: heic_grid(*whole), TAKEN, "BBBB", small)
    yield Odd("JPEG of 50.1 MP", lambda: jpeg_that_says(*more), TOO_MANY)
    yield Odd("PNG of 50.1 MP", lambda: raw_png(*more), TOO_MANY)
    yield Odd("WebP of 50.1 MP", lambda: vp8_that_says(*more), TOO_MANY)
    yield Odd("HEIC of 50.1 MP", lambda: heic_grid(*more), TOO_MANY)
    for kind, make in {"JPEG": jpeg, "PNG": png, "WebP": webp, "HEIC": heic}.items():
        yield Odd(f"{kind} of 20 MB", lambda m=make: m().ljust(MOST_BYTES, b"\0"), TAKEN, UPRIGHT)
        yield Odd(f"{kind} of 20 MB and a byte", lambda m=make: m().ljust(MOST_BYTES + 1, b"\0"), TOO_LARGE)


def bombs() -> Iterator[Odd]:
    """Chunks of PNG that grow when they are opened."""
    grown = zlib.compress(bytes(100 * MEGA), 1)
    yield Odd("PNG with a zTXt of 100 MB", lambda: with_chunk(chunk(b"zTXt", b"Comment\0\0" + grown)), UNREADABLE)
    yield Odd(
        "PNG with an iTXt of 100 MB", lambda: with_chunk(chunk(b"iTXt", b"Comment\0\1\0\0\0" + grown)), UNREADABLE
    )
    yield Odd("PNG with an iCCP of 100 MB", lambda: with_chunk(chunk(b"iCCP", b"icc\0\0" + grown)), EITHER)
    yield Odd("PNG with a tEXt of 10 MB", lambda: with_chunk(chunk(b"tEXt", b"Comment\0" + bytes(10 * MEGA))), EITHER)
    many = chunk(b"tEXt", b"Comment\0" + b"x" * 900) * 5_000
    yield Odd("PNG with 5,000 tEXt", lambda: with_chunk(many), TAKEN, UPRIGHT)
    yield Odd("PNG with 100 MB more than its pixels", lambda: raw_png(64, 64, bytes(100 * MEGA)), TAKEN, "KKKK")

    def in_crumbs() -> bytes:
        content = png()
        at = content.index(b"IDAT") - 4
        size = struct.unpack_from(">I", content, at)[0]
        pixels = content[at + 8 : at + 8 + size]
        return content[:at] + b"".join(chunk(b"IDAT", pixels[n : n + 1]) for n in range(size)) + chunk(b"IEND", b"")

    yield Odd("PNG with an IDAT a byte", in_crumbs, TAKEN, UPRIGHT)
    yield Odd("PNG with 20,000 empty IDAT", lambda: with_chunk(chunk(b"IDAT", b"") * 20_000), EITHER)
    yield Odd(
        "PNG with two heads",
        lambda: with_chunk(chunk(b"IHDR", struct.pack(">IIBBBBB", 9_000, 9_000, 8, 2, 0, 0, 0))),
        TOO_MANY,
    )
    yield Odd("PNG with a chunk of 2 GB", lambda: with_chunk(struct.pack(">I", 2**31 - 1) + b"juNk"), REFUSED)
    yield Odd("PNG with a wrong checksum", lambda: patched(png(), b"IEND\xaeB`\x82", b"IEND\0\0\0\0"), TAKEN, UPRIGHT)
    yield Odd("PNG without a palette", lambda: raw_png(64, 64, bytes(65 * 64), colour=3), EITHER)


def polyglots() -> Iterator[Odd]:
    """Files that are two things at once, or only one and not a photo."""
    yield Odd("JPEG with a page behind it", lambda: jpeg() + SCRIPT, TAKEN, UPRIGHT)
    yield Odd("JPEG with a page in its comment", lambda: jpeg(comment=SCRIPT), TAKEN, UPRIGHT)
    yield Odd("JPEG with PHP in its comment", lambda: jpeg(comment=PHP), TAKEN, UPRIGHT)
    yield Odd("JPEG with a ZIP behind it", lambda: jpeg() + zipped(), TAKEN, UPRIGHT)
    yield Odd(
        "JPEG that opens as a script",
        lambda: with_segment(segment(0xE0, b"/*" + bytes(40)), segment(0xFE, b"*/=alert(1)/*")),
        TAKEN,
        UPRIGHT,
    )
    yield Odd("PNG with PHP behind it", lambda: png() + PHP, TAKEN, UPRIGHT)
    yield Odd("PNG with PHP in a tEXt", lambda: with_chunk(chunk(b"tEXt", b"Comment\0" + PHP)), TAKEN, UPRIGHT)
    yield Odd(
        "PNG with a page in an iTXt", lambda: with_chunk(chunk(b"iTXt", b"Comment\0\0\0\0\0" + SCRIPT)), TAKEN, UPRIGHT
    )
    yield Odd("PNG with a ZIP behind it", lambda: png() + zipped(), TAKEN, UPRIGHT)
    yield Odd("PNG with a page in an unknown chunk", lambda: with_chunk(chunk(b"htMl", SCRIPT)), TAKEN, UPRIGHT)
    yield Odd("WebP with a page behind it", lambda: webp() + SCRIPT, TAKEN, UPRIGHT)
    yield Odd(
        "WebP with a page in an unknown chunk",
        lambda: webp() + b"HTML" + struct.pack("<I", 52) + SCRIPT,
        TAKEN,
        UPRIGHT,
    )
    yield Odd("HEIC with a page behind it", lambda: heic() + box(b"free", SCRIPT), TAKEN, UPRIGHT)
    yield Odd("two JPEG, one behind the other", lambda: jpeg() + saved(Image.new("RGB", SIZE)), TAKEN, UPRIGHT)
    yield Odd(
        "MPO of two pictures",
        lambda: saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", SIZE)]),
        TAKEN,
        UPRIGHT,
    )
    yield Odd("page before a JPEG", lambda: SCRIPT + jpeg(), NOT_A_PHOTO)
    yield Odd("page before a PNG", lambda: SCRIPT + png(), NOT_A_PHOTO)
    yield Odd("GIF and ZIP in one", lambda: saved(quarters(), "GIF") + zipped(), NOT_A_PHOTO)
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "PCX", "TGA", "JPEG2000", "DDS", "PDF", "EPS", "SGI", "ICNS"):
        yield Odd(f"a {kind}", lambda k=kind: saved(quarters((64, 64)), k), NOT_A_PHOTO)
    for name, content in {
        "a page": SCRIPT,
        "an SVG with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "XML that reads files": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "PDF's head": b"%PDF-1.7 photo.jpg",
        "PostScript": b"%!PS-Adobe-3.0\n(/etc/passwd) run",
        "a program": b"MZ" + bytes(500),
        "another program": b"\x7fELF" + bytes(500),
        "a shell script": b"#!/bin/sh\nrm -rf /\n",
        "PHP": PHP,
        "a film": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(200),
        "an AVIF's head": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(200),
        "one byte": b"\xff",
        "a JPEG's first bytes": b"\xff\xd8\xff",
        "noughts": bytes(5_000),
        "ones": b"\xff" * 5_000,
        "words": "รูปบ้าน".encode(),
        "a sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
        "a picture for ImageMagick": b"push graphic-context\nviewbox 0 0 1 1\nfill 'url(https://x|ls)'\n",
    }.items():
        yield Odd(name, lambda c=content: c, NOT_A_PHOTO if name != "a JPEG's first bytes" else REFUSED)
    yield Odd("a ZIP", zipped, NOT_A_PHOTO)
    yield Odd("nothing", bytes, EMPTY)
    yield Odd("WebP of 2,000,000 crumbs", lambda: riff((b"JUNK", b""))[:12] + b"JUNK\0\0\0\0" * 2 * MEGA, UNREADABLE)
    yield Odd("WebP of 2,000,000 crumbs that says so", _crumbs, UNREADABLE)
    yield Odd("RIFF and WEBP and no more", lambda: riff(), UNREADABLE)
    yield Odd("WebP of a page", lambda: riff((b"VP8 ", SCRIPT)), UNREADABLE)
    yield Odd("HEIC's head and a page", lambda: heic()[:28] + SCRIPT, UNREADABLE)


def _crumbs() -> bytes:
    body = b"WEBP" + b"ALPH\0\0\0\0" * 2 * MEGA
    return b"RIFF" + struct.pack("<I", len(body)) + body


def cut() -> Iterator[Odd]:
    """Files cut off on their way, in the head and in the pixels."""
    for name, make in {
        "JPEG": lambda: saved(quarters((480, 320)), quality=90),
        "progressive JPEG": lambda: saved(quarters((480, 320)), quality=90, progressive=True),
        "PNG": lambda: saved(Image.effect_noise((200, 200), 90), "PNG"),
        "WebP": lambda: saved(Image.effect_noise((200, 200), 90).convert("RGB"), "WEBP"),
        "HEIC": lambda: heic(Image.effect_noise((200, 200), 90).convert("RGB")),
    }.items():
        for percent in (1, 10, 30, 50, 70, 90):
            yield Odd(
                f"{name} cut at {percent} %", lambda m=make, p=percent: m()[: max(1, len(m()) * p // 100)], REFUSED
            )
    yield Odd("JPEG without its last mark", lambda: jpeg()[:-2], EITHER)
    yield Odd("PNG without its end", lambda: png()[:-12], EITHER)


def flipped() -> Iterator[Odd]:
    """Files with a wrong bit, spread over head and pixels."""
    for name, make in {"JPEG": jpeg, "PNG": png, "WebP": webp, "HEIC": heic}.items():
        for nth in range(1, 8):

            def broken(m: Callable[[], bytes] = make, n: int = nth) -> bytes:
                content = bytearray(m())
                content[len(content) * n // 8] ^= 1 << n
                return bytes(content)

            yield Odd(f"{name} with a wrong bit after {nth}/8", broken, EITHER)


def colours() -> Iterator[Odd]:
    """Every way to write colours."""
    for subsampling in (0, 1, 2):
        yield Odd(f"JPEG, subsampling {subsampling}", lambda s=subsampling: jpeg(subsampling=s), TAKEN, UPRIGHT)
    yield Odd("progressive JPEG", lambda: jpeg(progressive=True), TAKEN, UPRIGHT)
    yield Odd("JPEG with restart marks", lambda: jpeg(restart_marker_blocks=1), TAKEN, UPRIGHT)
    yield Odd("JPEG kept in RGB", lambda: jpeg(keep_rgb=True), TAKEN, UPRIGHT)
    yield Odd("JPEG in grey", lambda: saved(Image.new("L", SIZE, 255)), TAKEN, "WWWW")
    yield Odd("JPEG in CMYK", lambda: saved(quarters(mode="CMYK"), quality=95, subsampling=0), TAKEN, UPRIGHT)
    bare = lambda: without_segment(saved(Image.new("CMYK", SIZE), quality=95), 0xEE)  # noqa: E731  # used twice
    yield Odd("JPEG in CMYK without Adobe's mark", bare, TAKEN)
    yield Odd(
        "JPEG in CMYK said to be YCCK",
        lambda: patched(saved(quarters(mode="CMYK")), b"Adobe\0\x64\0\0\0\0\0", b"Adobe\0\x64\0\0\0\0\2"),
        TAKEN,
    )
    yield Odd(
        "JPEG in CMYK with a broken profile",
        lambda: saved(quarters(mode="CMYK"), quality=95, subsampling=0, icc_profile=b"no profile"),
        TAKEN,
        UPRIGHT,
    )
    yield Odd("JPEG that says it is coded by arithmetic", lambda: patched(jpeg(), b"\xff\xc0", b"\xff\xc9"), EITHER)
    yield Odd("JPEG that says it is lossless", lambda: patched(jpeg(), b"\xff\xc0", b"\xff\xc3"), REFUSED)
    yield Odd("JPEG of 12 bits", lambda: patched(jpeg(), b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"), REFUSED)
    yield Odd(
        "JPEG with a profile",
        lambda: jpeg(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        TAKEN,
        UPRIGHT,
    )
    yield Odd(
        "JPEG with a LAB profile",
        lambda: jpeg(icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()),
        TAKEN,
        UPRIGHT,
    )
    yield Odd("JPEG with a profile of 1 MB of noughts", lambda: jpeg(icc_profile=bytes(MEGA)), TAKEN, UPRIGHT)
    for mode in ("L", "1", "LA", "I;16"):
        image = lambda m=mode: Image.new(m, SIZE, {"LA": (255, 255), "1": 1, "I;16": 65_535}.get(m, 255))  # noqa: E731
        yield Odd(f"PNG in {mode}", lambda i=image: saved(i(), "PNG"), TAKEN, "WWWW")
    yield Odd("PNG in RGB", png, TAKEN, UPRIGHT)
    yield Odd("PNG in RGBA", lambda: png("RGBA"), TAKEN, UPRIGHT)
    yield Odd("PNG with a palette", lambda: saved(quarters().quantize(4), "PNG"), TAKEN, UPRIGHT)
    yield Odd("PNG of 2 bits with a palette", lambda: saved(quarters().quantize(4), "PNG", bits=2), TAKEN, UPRIGHT)
    yield Odd("PNG all see-through", lambda: saved(Image.new("RGBA", SIZE, (0, 0, 0, 0)), "PNG"), TAKEN, "WWWW")
    yield Odd(
        "PNG with a see-through colour",
        lambda: saved(Image.new("RGB", SIZE), "PNG", transparency=(0, 0, 0)),
        TAKEN,
        "WWWW",
    )
    yield Odd(
        "PNG with a see-through palette", lambda: saved(Image.new("P", SIZE), "PNG", transparency=0), TAKEN, "WWWW"
    )
    white = b"\0" + b"\xff" * 6 * 64
    yield Odd("PNG in RGB of 16 bits", lambda: raw_png(64, 64, white * 64, bits=16), TAKEN, "WWWW")
    yield Odd(
        "PNG in RGBA of 16 bits",
        lambda: raw_png(64, 64, (b"\0" + b"\xff" * 8 * 64) * 64, bits=16, colour=6),
        TAKEN,
        "WWWW",
    )
    yield Odd("PNG of a depth that is none", lambda: raw_png(64, 64, bytes(64 * 200), bits=5), REFUSED)
    yield Odd("PNG of colours that are none", lambda: raw_png(64, 64, bytes(64 * 200), colour=5), REFUSED)
    yield Odd("PNG with gamma 0", lambda: with_chunk(chunk(b"gAMA", bytes(4))), TAKEN, UPRIGHT)
    yield Odd(
        "PNG with a broken profile",
        lambda: with_chunk(chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"none"))),
        TAKEN,
        UPRIGHT,
    )
    yield Odd("PNG with a profile that is not squeezed", lambda: with_chunk(chunk(b"iCCP", b"icc\0\0none")), EITHER)
    black = [Image.new("RGB", SIZE)]
    yield Odd("PNG that moves", lambda: saved(quarters(), "PNG", save_all=True, append_images=black), TAKEN, UPRIGHT)
    yield Odd("lossless WebP", lambda: webp(lossless=True), TAKEN, UPRIGHT)
    yield Odd("WebP", webp, TAKEN, UPRIGHT)
    yield Odd("WebP in RGBA", lambda: saved(quarters(mode="RGBA"), "WEBP", quality=95), TAKEN, UPRIGHT)
    clear = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    yield Odd("WebP all see-through", lambda: saved(clear, "WEBP", quality=80), TAKEN, "WWWW")
    yield Odd("lossless WebP all see-through", lambda: saved(clear, "WEBP", lossless=True), TAKEN, "WWWW")
    yield Odd("WebP that moves", lambda: webp(save_all=True, append_images=black), TAKEN, UPRIGHT)
    yield Odd(
        "lossless WebP that moves", lambda: webp(save_all=True, append_images=black, lossless=True), TAKEN, UPRIGHT
    )
    yield Odd(
        "WebP that moves and is see-through",
        lambda: saved(clear, "WEBP", save_all=True, append_images=[quarters(mode="RGBA")]),
        TAKEN,
        "WWWW",
    )
    yield Odd("WebP with a profile that is none", lambda: webp(icc_profile=b"none"), TAKEN, UPRIGHT)
    yield Odd("HEIC", heic, TAKEN, UPRIGHT)
    yield Odd("HEIC in RGBA", lambda: heic(quarters(mode="RGBA")), TAKEN, UPRIGHT)
    yield Odd("HEIC in grey", lambda: heic(Image.new("L", SIZE, 255)), TAKEN, "WWWW")
    yield Odd("HEIC of 10 bits", lambda: heic(Image.new("I;16", SIZE, 65_535)), TAKEN, "WWWW")
    yield Odd("HEIC of tiles", lambda: heic_grid(1_100, 700), TAKEN, "BBBB", {"width": 1100, "height": 700})
    for primary, shows in [(0, "KKKK"), (1, UPRIGHT), (2, "KKKK")]:
        yield Odd(f"HEIC of a burst, the primary is number {primary}", lambda p=primary: burst(p), TAKEN, shows)


def lies() -> Iterator[Odd]:
    """What EXIF says: how it was held, when, where."""
    for how in range(1, 9):
        yield Odd(
            f"JPEG held as {how}", lambda h=how: saved(held(h), quality=90, subsampling=0, exif=exif(h)), TAKEN, UPRIGHT
        )
    for how in (0, 9, 65_535):
        yield Odd(f"JPEG held as {how}, which is no way", lambda h=how: jpeg(exif=exif(h)), TAKEN, UPRIGHT)
    yield Odd("PNG held as 6", lambda: saved(held(6), "PNG", exif=exif(6)), TAKEN, UPRIGHT)
    yield Odd("WebP held as 8", lambda: saved(held(8), "WEBP", quality=95, exif=exif(8)), TAKEN, UPRIGHT)
    bangkok = "2015-03-11T09:30:00+07:00"
    for said, told in {
        "2015:03:11 09:30:00": bangkok,
        "2558:03:11 09:30:00": bangkok,
        "2015:03:11 09:30:00\0": bangkok,
        "0000:00:00 00:00:00": None,
        "2015:02:30 09:30:00": None,
        "9999:12:31 23:59:59": None,
        "2099:01:01 00:00:00": None,
        "0001:01:01 00:00:00": None,
        "1970:01:01 00:00:00": None,
        "2015-03-11T09:30:00": None,
        "yesterday": None,
        "": None,
        "\0\0\0": None,
        "📷" * 20: None,
        "<script>alert(1)</script>": None,
        "99999999999999999999:01:01 00:00:00": None,
    }.items():
        yield Odd(f"JPEG taken at {said!r}", lambda s=said: taken_of(s), TAKEN, UPRIGHT, {"taken_at": told})
    for offset, told in {
        "+09:00": "2015-03-11T09:30:00+09:00",
        "-03:30": "2015-03-11T09:30:00-03:30",
        "+99:99": bangkok,
        "x": bangkok,
    }.items():
        yield Odd(
            f"JPEG with a clock {offset}",
            lambda o=offset: taken_of("2015:03:11 09:30:00", offset=o),
            TAKEN,
            UPRIGHT,
            {"taken_at": told},
        )
    here = ((13.0, 43.0, 12.0), (100.0, 29.0, 6.0))
    for name, words, told in [
        ("in Thonburi", place(*here), [13.72, 100.485]),
        ("in the south and west", place(*here, "S", "W"), [-13.72, -100.485]),
        ("beyond the pole", place((90.0, 0.0, 1.0), here[1]), None),
        ("beyond 180 degrees", place(here[0], (181.0, 0.0, 0.0)), None),
        ("with degrees alone", place((13.0,), (100.0,)), None),
        ("without a longitude", {1: "N", 2: here[0]}, None),
        ("with 99 minutes", place((13.0, 99.0, 0.0), here[1]), None),
        ("with no words at all", {}, None),
    ]:
        yield Odd(f"JPEG with a place {name}", lambda w=words: jpeg(exif=exif(gps=w)), TAKEN, UPRIGHT, {"place": told})
    for name, kind, number in [
        ("over nought", 5, struct.pack("<II", 13, 0)),
        ("of no number", 12, struct.pack("<d", float("nan"))),
        ("without end", 12, struct.pack("<d", float("inf"))),
        ("below nought", 10, struct.pack("<ii", -13, 1)),
        ("with letters for numbers", 2, b"N"),
    ]:
        yield Odd(
            f"JPEG with a place {name}",
            lambda k=kind, n=number: jpeg(exif=_gps(k, n)),
            *(TAKEN, UPRIGHT, {"place": None}),
        )
    yield Odd("JPEG whose EXIF leads to itself", lambda: jpeg(exif=_looped()), TAKEN, UPRIGHT)
    yield Odd(
        "JPEG whose EXIF says 65,535 things",
        lambda: jpeg(exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(60_000)),
        TAKEN,
        UPRIGHT,
    )
    yield Odd(
        "JPEG whose EXIF points out of the file", lambda: jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), TAKEN, UPRIGHT
    )
    yield Odd("JPEG whose EXIF is empty", lambda: jpeg(exif=b"Exif\0\0"), TAKEN, UPRIGHT)
    yield Odd("JPEG whose EXIF is a page", lambda: jpeg(exif=b"Exif\0\0" + SCRIPT), TAKEN, UPRIGHT)
    yield Odd(
        "JPEG with 200 EXIF", lambda: with_segment(*[segment(0xE1, b"Exif\0\0" + bytes(60_000))] * 200), TAKEN, UPRIGHT
    )
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><script>alert(1)</script></x:xmpmeta>"
    yield Odd("JPEG with a script in XMP", lambda: with_segment(segment(0xE1, xmp)), TAKEN, UPRIGHT)
    yield Odd("JPEG with a small picture in EXIF", lambda: jpeg(exif=_with_small_picture()), TAKEN, UPRIGHT)
    yield Odd(
        "JPEG with 300 giant segments",
        lambda: with_segment(*[segment(0xED, b"Photoshop 3.0\0" + bytes(65_000))] * 300),
        TAKEN,
        UPRIGHT,
    )
    yield Odd("JPEG with a segment of no length", lambda: with_segment(b"\xff\xe5\0\0"), EITHER)
    yield Odd("PNG with broken EXIF", lambda: with_chunk(chunk(b"eXIf", b"nonsense")), TAKEN, UPRIGHT)
    yield Odd("WebP with broken EXIF", lambda: webp(exif=b"nonsense"), TAKEN, UPRIGHT)
    yield Odd(
        "HEIC with time and place",
        lambda: heic(exif=exif(taken="2015:03:11 09:30:00", gps=place(*here))),
        TAKEN,
        UPRIGHT,
        {"taken_at": bangkok, "place": [13.72, 100.485]},
    )


def _gps(kind: int, number: bytes) -> bytes:
    """A place whose six numbers are all this one, of that type of TIFF."""
    first = struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0)
    words = [(1, 2, 2, b"N\0\0\0"), (2, kind, 3, struct.pack("<I", 80)), (3, 2, 2, b"E\0\0\0")]
    words.append((4, kind, 3, struct.pack("<I", 80 + 3 * len(number))))
    gps = struct.pack("<H", 4) + b"".join(struct.pack("<HHI", *word[:3]) + word[3] for word in words) + bytes(4)
    return b"Exif\0\0II*\0\x08\0\0\0" + first + gps + number * 6


def _looped() -> bytes:
    """A directory whose successor and whose parts are itself."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825))
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + entries + struct.pack("<I", 8)


def _with_small_picture() -> bytes:
    small = saved(Image.new("RGB", (16, 16)))
    return exif(1) + small


CORPUS = [odd for fault in (heads, sizes, bombs, polyglots, cut, flipped, colours, lies) for odd in fault()]
