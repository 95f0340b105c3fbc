#!/usr/bin/env python
"""The registry at the command line: starts the private database where none is named, then obeys Django's commands."""

import os
import sys

from thonburi_registry import database


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thonburi_registry.settings")
    try:
        database.start_if_private()
    except database.DatabaseUnavailable as problem:
        sys.exit(str(problem))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
