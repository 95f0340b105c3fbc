"""What only the tests in the browser need: a plugin of pytest.ini comes before Playwright's and would be overruled."""

import os
import shutil
from typing import Any

import pytest

SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium, which `make test` provides; Playwright's own download is not needed."""
    found = next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
    if found is None:
        pytest.fail("No Chromium on this machine: apt-get install chromium", pytrace=False)
    # Chromium's own sandbox refuses to work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": found, "args": sandbox}
