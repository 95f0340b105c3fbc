"""What only the tests in the browser need: a plugin of pytest.ini comes before Playwright's and would be overruled."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

# A busy machine is no fault of the code: what is waited for comes, only late.
PATIENCE = 120_000  # milliseconds
expect.set_options(timeout=PATIENCE)

# Nobody looks: before each click two frames are awaited, which need not come at the pace of a screen.
WITHOUT_A_SCREEN = ("--disable-gpu", "--disable-frame-rate-limit", "--disable-gpu-vsync")
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium, which `make test` provides; Playwright's own download is not needed."""
    found = next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
    if found is None:
        pytest.fail("No Chromium on this machine: apt-get install chromium", pytrace=False)
    # Chromium's own sandbox refuses to work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": found, "args": [*sandbox, *WITHOUT_A_SCREEN]}


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Makes a window of its own that waits patiently; `page` lives in one, and a test may ask for others."""

    def patient(**options: Any) -> BrowserContext:
        made = new_context(**options)
        made.set_default_timeout(PATIENCE)
        return made

    return patient
