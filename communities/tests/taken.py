"""A page's table as a test takes it out: asked for as the page's form asks, and read back."""

from __future__ import annotations

import csv
import io

import openpyxl

PURPOSE = "ตรวจทาน"


def taken(client, address, form="csv", **query):
    """The answer to asking for the table of the page at the address."""
    return client.get(address, {**query, "format": form, "purpose": PURPOSE})


def csv_of(client, address, **query):
    """Headings, rows and the last line of the page's table as CSV."""
    answer = taken(client, address, **query)
    assert answer.status_code == 200, address
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))
    return lines[0], lines[1:-1], lines[-1]


def xlsx_of(client, address, **query):
    """Headings and rows of the page's table as a workbook, all cells as texts, and the line below them."""
    answer = taken(client, address, "xlsx", **query)
    assert answer.status_code == 200, address
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return texts[3], texts[4:-2], texts[-1][0]


def same_in_both(client, address, **query):
    """Headings and rows, after a look that CSV and workbook agree and say how many rows they have."""
    headings, rows, last = csv_of(client, address, **query)
    headings_there, rows_there, below = xlsx_of(client, address, **query)
    assert headings_there == headings
    assert rows_there == rows
    said = f"{len(rows):,} "
    assert last[1].startswith(said)
    assert below.startswith(said)
    assert PURPOSE in last[2]
    assert PURPOSE in below
    return headings, rows
