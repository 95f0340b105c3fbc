"""WebP pictures, made small while they are decoded: Pillow would hold 50 megapixels four times over (785 MB).

The decoder is the libwebp that Pillow brings; only its way to decode to a wanted size, which Pillow lacks, is called
here (webp/decode.h, "Advanced decoding API"). Of a moving picture the first frame is taken.
"""

from __future__ import annotations

import ctypes
import dataclasses
import struct
from collections.abc import Iterator

from PIL import Image, _webp

_INT, _SIZE = ctypes.c_int, ctypes.c_size_t
_DECODER_ABI = 0x0209
_RGBA, _OK = 1, 0
_ALPHA = 0x10  # a flag of VP8X
_LONGEST_WORD = 25  # bytes that tell a bitstream's size
_WANTED = {b"EXIF", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"}
_MOST_PARTS = 10_000


class BrokenWebp(ValueError):
    """Not a whole WebP picture."""


class _Features(ctypes.Structure):
    _fields_ = [(name, _INT) for name in ("width", "height", "has_alpha", "has_animation", "format")] + [
        ("padding", ctypes.c_uint32 * 5)
    ]


class _Pixels(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("stride", _INT), ("size", _SIZE)]


class _Planes(ctypes.Structure):
    _fields_ = [("starts", ctypes.c_void_p * 4), ("strides", _INT * 4), ("sizes", _SIZE * 4)]


class _Place(ctypes.Union):
    _fields_ = [("pixels", _Pixels), ("planes", _Planes)]


class _Buffer(ctypes.Structure):
    _fields_ = [
        ("colours", _INT),
        ("width", _INT),
        ("height", _INT),
        ("is_ours", _INT),
        ("place", _Place),
        ("padding", ctypes.c_uint32 * 4),
        ("private", ctypes.c_void_p),
    ]


_OPTIONS = (
    "bypass_filtering no_fancy_upsampling use_cropping crop_left crop_top crop_width crop_height use_scaling "
    "scaled_width scaled_height use_threads dithering flip alpha_dithering"
)


class _Options(ctypes.Structure):
    _fields_ = [(name, _INT) for name in _OPTIONS.split()] + [("padding", ctypes.c_uint32 * 5)]


class _Config(ctypes.Structure):
    _fields_ = [("features", _Features), ("output", _Buffer), ("options", _Options)]


_libwebp = ctypes.CDLL(_webp.__file__)
_libwebp.WebPInitDecoderConfigInternal.argtypes = [ctypes.c_void_p, _INT]
_libwebp.WebPGetFeaturesInternal.argtypes = [ctypes.c_char_p, _SIZE, ctypes.c_void_p, _INT]
_libwebp.WebPDecode.argtypes = [ctypes.c_char_p, _SIZE, ctypes.c_void_p]


@dataclasses.dataclass(frozen=True)
class WebpPicture:
    """The first frame as a still of its own, its size in pixels, and the file's EXIF."""

    still: bytes
    width: int
    height: int
    exif: bytes


def is_webp(content: bytes) -> bool:
    """Whether the file says of itself that it is WebP."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def read_head(content: bytes) -> WebpPicture:
    """The picture with its head read and not yet a pixel. Raises BrokenWebp."""
    parts = [one for one in _parts(content[: _end(content)], 12) if one[0] in _WANTED]
    exif = next((part for kind, part in parts if kind == b"EXIF"), b"")
    frame = next((part[16:] for kind, part in parts if kind == b"ANMF"), None)
    bits = [one for one in (parts if frame is None else _parts(frame, 0)) if one[0] in (b"ALPH", b"VP8 ", b"VP8L")]
    if not bits or bits[-1][0] == b"ALPH":
        raise BrokenWebp("no picture in it")
    alpha = bits[0] if bits[0][0] == b"ALPH" else None
    picture = next(one for one in bits if one[0] != b"ALPH")
    width, height = _size(_riff([picture])[: 20 + _LONGEST_WORD])
    parts = [picture]
    if alpha:
        parts = [(b"VP8X", bytes([_ALPHA, 0, 0, 0]) + _u24(width - 1) + _u24(height - 1)), alpha, picture]
    return WebpPicture(_riff(parts), width, height, exif)


def decoded(picture: WebpPicture, size: tuple[int, int]) -> Image.Image:
    """The picture in that size, as RGBA. Raises BrokenWebp."""
    width, height = size
    config, pixels = _Config(), ctypes.create_string_buffer(width * height * 4)
    if not _libwebp.WebPInitDecoderConfigInternal(ctypes.addressof(config), _DECODER_ABI):
        raise BrokenWebp("another decoder than this module was written for")
    config.output.colours, config.output.is_ours = _RGBA, 1
    config.output.place.pixels = _Pixels(ctypes.addressof(pixels), width * 4, len(pixels))
    config.options.use_scaling, config.options.scaled_width, config.options.scaled_height = 1, width, height
    if _libwebp.WebPDecode(picture.still, len(picture.still), ctypes.addressof(config)) != _OK:
        raise BrokenWebp("the decoder refuses it")
    return Image.frombytes("RGBA", size, pixels.raw)


def _parts(content: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a RIFF file or of a frame; the last one may be cut off. Raises BrokenWebp for too many."""
    for _nth in range(_MOST_PARTS):
        if at + 8 > len(content):
            return
        kind, size = struct.unpack_from("<4sI", content, at)
        yield kind, content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise BrokenWebp("cut into crumbs")


def _end(content: bytes) -> int:
    """Where the RIFF file ends by its own word; what stands behind it is no picture."""
    return 8 + int(struct.unpack_from("<I", content, 4)[0])


def _riff(parts: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(part)) + part + bytes(len(part) % 2) for kind, part in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _size(head: bytes) -> tuple[int, int]:
    features = _Features()
    if _libwebp.WebPGetFeaturesInternal(head, len(head), ctypes.addressof(features), _DECODER_ABI) != _OK:
        raise BrokenWebp("its head cannot be read")
    return features.width, features.height


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
