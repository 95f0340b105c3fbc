"""What must not stand in a log: the keys of the presidents' letters, which are part of an address."""

import logging
import re


class HideKeys(logging.Filter):
    """Keeps the keys of letters out of what is written to stderr, whichever part of Django writes an address there."""

    ADDRESS = re.compile(r"(/arrive/)[^/\s'\"?]+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with its keys struck out."""
        said = record.getMessage()
        if "/arrive/" in said:
            record.msg, record.args = self.ADDRESS.sub(r"\1…", said), ()
        return True
