"""What several tests of reports need: LibreOffice, which computes every formula of a workbook anew."""

import io
import shutil
import subprocess

import openpyxl
import pytest


@pytest.fixture(scope="session")
def libreoffice():
    """LibreOffice, which `make test` provides; without it nothing is known about the formulas."""
    found = shutil.which("soffice")
    if found is None:
        pytest.fail("No LibreOffice Calc on this machine: apt-get install libreoffice-calc", pytrace=False)
    return found


@pytest.fixture
def all_recalculated(libreoffice, tmp_path):
    """Has LibreOffice compute every formula of several workbooks anew, in one go; gives their values by name."""

    def recalculate(workbooks):
        emptied, made = tmp_path / "emptied", tmp_path / "made"
        emptied.mkdir(exist_ok=True)
        for name, content in workbooks.items():
            # Formulas without a stored value are what makes LibreOffice compute whatever its settings are.
            openpyxl.load_workbook(io.BytesIO(content)).save(emptied / f"{name}.xlsx")
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        files = [str(emptied / f"{name}.xlsx") for name in workbooks]
        command = [libreoffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(made), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return {name: openpyxl.load_workbook(made / f"{name}.xlsx", data_only=True) for name in workbooks}

    return recalculate


@pytest.fixture
def recalculated(all_recalculated):
    """Has LibreOffice compute every formula of one workbook anew; gives the values."""
    return lambda workbook: all_recalculated({"workbook": workbook})["workbook"]
