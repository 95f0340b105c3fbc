"""The corpus of hostile and odd images: each accepted rightly or refused with a sentence, in little memory."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from verification.tests.odd_images import CORPUS, EITHER, REFUSED, TAKEN

MOST_MEMORY = 400  # MB


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """What came of each image, by its name; all are read by one process that makes none of them."""
    folder = tmp_path_factory.mktemp("odd")
    for nth, odd in enumerate(CORPUS):
        (folder / f"{nth:03}").write_bytes(odd.make())
    command = [sys.executable, "-m", "verification.tests.read_odd_images", str(folder)]
    told = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=False, text=True)
    assert told.returncode == 0, told.stderr
    return {odd.name: json.loads(told.stdout)[f"{nth:03}"] for nth, odd in enumerate(CORPUS)}


def _as_wanted(odd, found):
    if found["outcome"] != TAKEN:
        right = {REFUSED: ("unreadable", "not_a_photo"), EITHER: ("unreadable", "not_a_photo")}
        return found["outcome"] in right.get(odd.outcome, (odd.outcome,)) and bool(found["said"])
    told = {name: found[name] for name in odd.told}
    return odd.outcome in (TAKEN, EITHER) and odd.shows in ("", found["shows"]) and told == odd.told


def test_each_is_accepted_rightly_or_refused_with_a_sentence(read):
    assert {odd.name: read[odd.name] for odd in CORPUS if not _as_wanted(odd, read[odd.name])} == {}


def test_no_word_of_a_sent_file_is_left_in_a_kept_picture(read):
    assert {name: found["keeps"] for name, found in read.items() if found.get("keeps")} == {}


def test_all_are_read_in_less_than_400_mb(read):
    assert max(found["peak"] for found in read.values()) < MOST_MEMORY


def test_there_are_200_and_each_has_its_name():
    assert len({odd.name for odd in CORPUS}) == len(CORPUS) >= 200
