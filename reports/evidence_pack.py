"""The evidence pack: all papers and reports of a period in one file, with an index to read and one to sort."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
from collections.abc import Iterator, Sequence

import xlsxwriter
from django.utils.translation import gettext as _
from zipstream import ZipStream

from communities.models import District, Document
from communities.thai_calendar import short_date
from verification.paper_pdf import NoPrinter, as_page, page_as_pdf

from .models import ElectoralRoll, KpiReport

_NO_NAME_OF_A_FILE = re.compile(r"[^\w.-]+")
_WIDTHS = (6, 22, 24, 16, 14, 60, 30, 50)


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the index: a paper, a report or a roll, and the names of its files in the pack."""

    kind: str
    number: str
    dated: datetime.date
    urgency: str
    subject: str
    party: str
    files: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Pack:
    """What a pack of the district holds for the days from `since` to `until`, both included."""

    district: District
    since: datetime.date
    until: datetime.date
    papers: Sequence[Document]
    reports: Sequence[KpiReport]
    rolls: Sequence[ElectoralRoll]

    @property
    def houses(self) -> int:
        """How many house rows leave the office with it: those of the rolls and of the newest report."""
        newest = max(self.reports, key=lambda report: report.month, default=None)
        tagged = sum(newest.figures.values_list("tagged", flat=True)) if newest else 0
        return tagged + sum(roll.house_count for roll in self.rolls)

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"evidence-{self.district.code}-{self.since:%Y-%m-%d}-{self.until:%Y-%m-%d}.zip"


def pack_of(district: District, since: datetime.date, until: datetime.date) -> Pack:
    """What the period's pack holds: by the dates of the papers and of the letters."""
    papers = Document.objects.filter(district=district, dated__range=(since, until)).prefetch_related("files")
    by_letter = {"district": district, "letter_date__range": (since, until)}
    return Pack(
        district,
        since,
        until,
        list(papers),
        list(KpiReport.objects.filter(**by_letter).defer("workbook").order_by("month")),
        list(ElectoralRoll.objects.filter(**by_letter).defer("workbook").order_by("letter_date", "pk")),
    )


def packed(pack: Pack) -> Iterator[bytes]:
    """The pack as a ZIP made while it is sent, one file at a time held. Files that the store has lost are named."""
    archive, lost = ZipStream(), []
    lines = lines_of(pack)
    archive.add(index_workbook(pack, lines), "index.xlsx")
    archive.add(*_index_to_read(pack, lines))
    yield from archive.all_files()
    for paper in pack.papers:
        for file, name in zip(paper.files.all(), _names_of(paper), strict=True):
            try:
                with file.file.storage.open(str(file.file.name), "rb") as stored:
                    archive.add(stored.read(), name)
            except FileNotFoundError:
                lost.append(name)
            yield from archive.all_files()
    everything: list[KpiReport | ElectoralRoll] = [*pack.reports, *pack.rolls]
    for issued in everything:
        archive.add(bytes(issued.workbook), _name_of_workbook(issued))
        issued.refresh_from_db(fields=["letter_no"])
        del issued.workbook
        yield from archive.all_files()
    if lost:
        archive.add("\r\n".join([_("Not in the store:"), *lost]).encode("utf-8-sig"), "!.txt")
    yield from archive.finalize()


def lines_of(pack: Pack) -> list[Line]:
    """The lines of the index by their dates."""
    papers = [
        Line(
            str(paper.get_kind_display())
            + (f" ({_('withdrawn')}: {paper.withdrawn_because})" if paper.withdrawn_at else ""),
            paper.number,
            paper.dated,
            "" if paper.urgency == Document.Urgency.NORMAL else str(paper.get_urgency_display()),
            paper.subject,
            paper.party,
            _names_of(paper),
        )
        for paper in pack.papers
    ]
    reports = [
        _issued(_("KPI report"), report, _("Round %(number)s") % {"number": report.round_no}) for report in pack.reports
    ]
    rolls = [_issued(_("electoral roll of houses"), roll, roll.community_name) for roll in pack.rolls]
    return sorted([*papers, *reports, *rolls], key=lambda line: line.dated)


def _issued(kind: str, issued: KpiReport | ElectoralRoll, subject: str) -> Line:
    return Line(kind, issued.letter_no, issued.letter_date, "", subject, "", (_name_of_workbook(issued),))


def _names_of(paper: Document) -> tuple[str, ...]:
    number = _NO_NAME_OF_A_FILE.sub("-", paper.number_key).strip("-.")
    head = "_".join(part for part in (f"{paper.dated:%Y-%m-%d}", number, str(paper.pk)) if part)
    return tuple(
        f"papers/{head}_{nth}_{_NO_NAME_OF_A_FILE.sub('-', file.name).strip('-.')}"
        for nth, file in enumerate(paper.files.all(), start=1)
    )


def _name_of_workbook(issued: KpiReport | ElectoralRoll) -> str:
    if isinstance(issued, KpiReport):
        return f"reports/kpi-{issued.round_no}-{issued.month:%Y-%m}.xlsx"
    return f"rolls/{issued.community_code}-{issued.election_day:%Y-%m-%d}-{issued.pk}.xlsx"


def _headings() -> list[str]:
    return [_("No."), _("kind"), _("number"), _("dated"), _("urgency"), _("subject"), _("from or to whom"), _("files")]


def index_workbook(pack: Pack, lines: Sequence[Line]) -> bytes:
    """The index as a workbook: texts stay texts, whatever they begin with."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        sheet = workbook.add_worksheet(_("Index"))
        heading = workbook.add_format({"bold": True, "bottom": 1})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        for column, (width, text) in enumerate(zip(_WIDTHS, _headings(), strict=True)):
            sheet.set_column(column, column, width, wrapped)
            sheet.write_string(0, column, text, heading)
        for nth, line in enumerate(lines, start=1):
            sheet.write_number(nth, 0, nth)
            for column, text in enumerate(_cells(line), start=1):
                sheet.write_string(nth, column, text)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return content.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    files = "\n".join(line.files)
    return (line.kind, line.number, short_date(line.dated), line.urgency, line.subject, line.party, files)


def _index_to_read(pack: Pack, lines: Sequence[Line]) -> tuple[bytes, str]:
    """The index as PDF, or as a page where this machine cannot make one."""
    rows = [(str(nth), *_cells(line)[:-1], len(line.files)) for nth, line in enumerate(lines, start=1)]
    page = as_page("paper/evidence_index.html", {"pack": pack, "headings": _headings(), "rows": rows})
    try:
        return page_as_pdf(page), "index.pdf"
    except NoPrinter:
        return page.encode(), "index.html"
