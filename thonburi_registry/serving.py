"""How gunicorn serves the registry: ``gunicorn --config python:thonburi_registry.serving thonburi_registry.wsgi``.

Sized for the district's machine of two cores; another number of workers is given by gunicorn's own ``--workers``.
"""

import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = 2
threads = 4
timeout = 30
preload_app = True
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Say where the site is, once it really answers there."""
    print(f"The registry is served on http://{bind} (Ctrl-C ends it; make db-stop stops its database).", flush=True)
