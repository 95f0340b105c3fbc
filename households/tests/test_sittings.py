"""A sitting's pace: what was done one by one has one, what was recorded at once has none."""

import datetime

import pytest

from households.sittings import a_minute

NOON = datetime.datetime(2015, 3, 2, 12, tzinfo=datetime.UTC)


def _moments(number: int, *, apart: float) -> list[datetime.datetime]:
    return [NOON - datetime.timedelta(seconds=apart * place) for place in range(number)]


def test_one_every_six_seconds_is_ten_a_minute() -> None:
    assert a_minute(_moments(5, apart=6)) == pytest.approx(10)


@pytest.mark.parametrize("apart", [0, 0.001, 0.4])
def test_many_recorded_at_once_have_no_pace(apart: float) -> None:
    assert a_minute(_moments(500, apart=apart)) is None


@pytest.mark.parametrize("number", [0, 1])
def test_a_first_one_has_no_pace(number: int) -> None:
    assert a_minute(_moments(number, apart=6)) is None
