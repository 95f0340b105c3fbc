"""What an .xls says of its cells beside their values: hidden rows, error values, number formats. Read by xlrd.

calamine, which reads the values, tells none of this.
"""

from __future__ import annotations

import io

import xlrd

from households.files.excel_marks import Marks
from households.files.raw_sheets import Unreadable

_OUTSIDE = xlrd.book.SUPBOOK_EXTERNAL
_PLAIN = {"General", "0", "@", ""}


def read_marks(data: bytes) -> tuple[list[Marks], bool]:
    """The marks of each worksheet in order, and whether formulas look into other files.

    Raises `Unreadable`; xlrd's own errors are many, and nearly all mean "damaged".
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ignore_workbook_corruption=True, logfile=io.StringIO()
        )
        outside = _OUTSIDE in book._supbook_types  # told nowhere else
        return [_marks_of_sheet(book, sheet) for sheet in book.sheets()], outside
    except xlrd.XLRDError as problem:
        raise Unreadable("encrypted" if "encrypted" in str(problem) else "damaged") from problem
    except Exception as problem:
        raise Unreadable("damaged") from problem


def _marks_of_sheet(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Marks:
    marks = Marks(hidden_rows={row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0})
    codes = [book.format_map[style.format_key].format_str for style in book.xf_list]
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        for column, kind in enumerate(kinds):
            if kind == xlrd.XL_CELL_ERROR:
                error = sheet.cell_value(row, column)
                marks.errors[row, column] = xlrd.error_text_from_code.get(error, "#ERROR")
            elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                code = codes[sheet.cell_xf_index(row, column)]
                if code not in _PLAIN:
                    marks.formats[row, column] = code
    return marks
