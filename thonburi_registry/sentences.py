"""Collects what the pages say and brings the Thai catalogue up to date with it, without GNU gettext.

``make messages`` (``python -m thonburi_registry.sentences``) adds new sentences to the catalogue, still without Thai,
and drops those that nothing says any more. A person writes the Thai; the tests refuse a catalogue with a gap.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
THAI = PROJECT / "locale" / "th" / "LC_MESSAGES" / "django.po"
APPS = ("thonburi_registry", "communities", "households", "verification", "reports")
HEADER = "# What the registry says, in Thai. `make messages` keeps the list of sentences; the Thai is written by hand."
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def collected() -> Catalog:
    """Every sentence that the project's Python and templates mark for translation."""
    catalog = Catalog()
    for path in sorted(_sources()):
        for _line, sentence, _comments, context in extract("python", _as_python(path), KEYWORDS):
            catalog.add(sentence, locations=[(path.relative_to(PROJECT).as_posix(), 0)], context=context)
    return catalog


def _sources() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (PROJECT / app).rglob("*.py") if not {"tests", "migrations"} & set(path.parts))
        yield from (PROJECT / app).rglob("*.html")
    yield from (PROJECT / "templates").rglob("*.html")


def _as_python(path: Path) -> io.BytesIO:
    """The file as Python; a template as the calls that its tags stand for, with single words for all the rest."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    return io.BytesIO(source.encode())


def gaps(catalog: Catalog, found: Catalog) -> list[str]:
    """The sentences found for which the catalogue has no Thai, or Thai that nobody has approved."""
    return [str(sentence.id) for sentence in found if sentence.id and not _has_thai(catalog, sentence)]


def _has_thai(catalog: Catalog, sentence: Message) -> bool:
    known = catalog.get(sentence.id, sentence.context)
    if known is None or known.fuzzy:
        return False
    return all(known.string) if isinstance(known.string, tuple) else bool(known.string)


def read_catalogue(path: Path = THAI) -> Catalog:
    """The catalogue that people edit; an empty Thai one if there is none yet."""
    if not path.exists():
        return Catalog(locale="th", project="Thonburi Registry", version="", fuzzy=False, header_comment=HEADER)
    with path.open("rb") as file:
        return read_po(file, locale="th")


def main() -> None:
    """Bring the catalogue up to date and name what still lacks Thai."""
    catalog, found = read_catalogue(), collected()
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    THAI.parent.mkdir(parents=True, exist_ok=True)
    with THAI.open("wb") as file:
        write_po(file, catalog, sort_output=True, include_lineno=False, width=0)
    for sentence in gaps(catalog, found):
        print(f"no Thai yet: {sentence}")


if __name__ == "__main__":
    main()
