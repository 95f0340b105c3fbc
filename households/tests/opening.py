"""Opening workbooks in tests: what they hold, or the code of the refusal."""

import pytest

from households.workbook import NotReadable, open_workbook


def read(data, **limits):
    return open_workbook(data, file_name="บัญชี.xlsx", **limits)


def refusal(data, **limits):
    with pytest.raises(NotReadable) as refused:
        read(data, **limits)
    assert "บัญชี.xlsx" in refused.value.messages[0]
    return refused.value.code
