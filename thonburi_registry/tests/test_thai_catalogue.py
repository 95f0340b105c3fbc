"""Thai throughout: every sentence that the house says has its Thai, with the same places for names and numbers."""

import re

from thonburi_registry.sentences import collected, gaps, read_catalogue

PLACES = re.compile(r"%\(\w+\)[srd]|%[sd]|{\w*}")


def test_every_sentence_has_thai() -> None:
    assert gaps(read_catalogue(), collected()) == []


def test_sentences_are_collected_from_python_and_from_templates() -> None:
    found = {sentence.id for sentence in collected()}
    assert {"registry officer", "Forgotten your password?", "%(done)s of %(all)s"} <= found


def test_the_thai_names_what_the_english_names() -> None:
    for sentence in read_catalogue():
        if sentence.id:
            english, thai = (text if isinstance(text, str) else text[-1] for text in (sentence.id, sentence.string))
            assert sorted(PLACES.findall(thai)) == sorted(PLACES.findall(english)), english
