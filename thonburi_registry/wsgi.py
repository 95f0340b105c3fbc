"""What a web server such as gunicorn calls."""

import os

from django.core.wsgi import get_wsgi_application

from thonburi_registry import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thonburi_registry.settings")
database.start_if_private()

application = get_wsgi_application()
