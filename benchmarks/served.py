"""Settings of the server under load: those of the house on the benchmark's own database, and one page more."""

import os

from thonburi_registry.settings import *  # noqa: F403
from thonburi_registry.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
ROOT_URLCONF = "benchmarks.served_addresses"
