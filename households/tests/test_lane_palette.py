"""The palette of the lane strips: each colour a ground for its letters, and told from all others by everybody.

Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes (2009) at full severity; what can be
told apart is judged by the CIE's measure of 1976 in L*a*b*, in which about 2.3 is the least difference one sees.
"""

import itertools
import math
import re

import pytest
from django.contrib.staticfiles import finders

from households.lane_strips import COLOURS

LEAST_CONTRAST = 4.5
LEAST_DIFFERENCE = 10
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red cones": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "without green cones": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "without blue cones": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def token(name):
    with open(finders.find("css/tokens.css"), encoding="utf-8") as tokens:
        digits = re.search(rf"--{name}: #([0-9a-f]{{6}});", tokens.read())[1]
    return [_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4)]


def _linear(part):
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour):
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def seen(colour, vision):
    """The colour as it is seen, in L*a*b*."""
    red, green, blue = (max(0, sum(row[n] * colour[n] for n in range(3))) for row in VISION[vision])
    x = _bent((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = _bent(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _bent((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _bent(part):
    return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116


PALETTE = [f"c{nth}" for nth in range(1, COLOURS + 1)]


@pytest.mark.parametrize("name", PALETTE)
def test_letters_are_readable_on_every_colour(name):
    assert contrast(token(name), token("cell-ink")) >= LEAST_CONTRAST


@pytest.mark.parametrize("vision", VISION)
def test_all_colours_are_told_apart(vision):
    colours = {name: seen(token(name), vision) for name in PALETTE}
    nearest = min(
        (math.dist(colours[one], colours[other]), one, other) for one, other in itertools.combinations(PALETTE, 2)
    )
    assert nearest[0] >= LEAST_DIFFERENCE, nearest
