"""`make bench`, or `python -m benchmarks [--quick] [NAME …]`: run the benchmarks; status 1 if a limit is broken."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

# Each is a module here with a function main(share) that prints what it measures and returns whether all limits held.
# `share` is the share of the full size to work on. Those that share a city come last, one after the other.
NAMES = ("registrations", "matching", "kpi_workbook", "letters", "tagging", "arrivals", "search", "load")
# Asked for by name alone: it installs what it needs from npm.
ON_REQUEST = ("lighthouse",)
QUICK_SHARE = 0.1


def main() -> int:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(NAMES + ON_REQUEST)}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size: for a look, not for judging")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES + ON_REQUEST):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    _set_up_django()
    share = QUICK_SHARE if options.quick else 1.0
    chosen = [name for name in NAMES + ON_REQUEST if name in (options.names or NAMES)]
    try:
        held = [importlib.import_module(f"benchmarks.{name}").main(share) for name in chosen]
    finally:
        importlib.import_module("benchmarks.officed_city").leave_the_city()
    return 0 if all(held) else 1


def _set_up_django() -> None:
    from thonburi_registry import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thonburi_registry.settings")
    database.start_if_private()
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
