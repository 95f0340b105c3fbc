"""No text that leaves the registry runs in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from communities.formulas import as_it_was, harmless, may_run

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
# Texts of what a formula may be made of, more likely than by chance.
TEXTS = st.text(st.sampled_from([*SIGNS, *"\t\r\n '\u200b\ufeff\u3000\xa0\v1A,;\"", "\u2028"]), max_size=12) | st.text()


def first_sign_of(line: str) -> str:
    """The first sign that a reader sees, in its plain width; "" for none."""
    seen = [one for one in line if unicodedata.category(one) not in ("Cc", "Cf", "Zs", "Zl", "Zp")]
    return unicodedata.normalize("NFKC", seen[0])[:1] if seen else ""


@pytest.mark.parametrize("sign", [*SIGNS])
@pytest.mark.parametrize(
    "before", ["", " ", "\u3000", "\u200b", "\t", "\r", "\ufeff ", "หมายเหตุ\n", "x\r\n ", "x\u2028"]
)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(before, sign):
    text = f"{before}{sign}1+1"
    assert may_run(text)
    assert harmless(text).replace("'", "") == text
    assert "'" in harmless(text)


@pytest.mark.parametrize("text", ["\tx", "\rx", " \tx", "\nx"])
def test_a_text_that_begins_with_a_tab_or_a_new_line_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "12/3", "ซอย 1-99", "1015-900001-7", "a=b", "ถ.เทอดไท\nซ.5", " 7", "(=1)", "–"])
def test_all_other_text_stays_as_it_is(text):
    assert harmless(text) == text
    assert not may_run(text)


@given(TEXTS)
@example("'\n=1")
def test_no_line_of_a_harmless_text_begins_like_a_formula(text):
    for line in re.split(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", harmless(text)):
        assert first_sign_of(line) not in tuple("=+-@")
    assert harmless(text)[:1] not in ("\t", "\r")


@given(TEXTS.filter(lambda text: "'" not in text))
def test_what_was_made_harmless_comes_back_as_it_was(text):
    assert as_it_was(harmless(text)) == text
