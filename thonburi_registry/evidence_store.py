"""The S3-compatible store of photos and scanned papers, as one address in the environment names it.

    EVIDENCE_STORE=s3://KEY:SECRET@host:9000/bucket/folder?region=…&plain=1

The address has the shape of a database's: who, with which secret, where. Without a key and a secret boto3 looks for
them in its own places. `plain=1` speaks HTTP, for a store on the same machine.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def named_by(address: str) -> dict[str, Any] | None:
    """The entry of STORAGES for that address, None for no address; raises ImproperlyConfigured for one of no shape."""
    if not address:
        return None
    parts = urlsplit(address)
    bucket, _, folder = parts.path.strip("/").partition("/")
    if parts.scheme != "s3" or not parts.hostname or not bucket:
        # The address holds a secret: it is not repeated.
        raise ImproperlyConfigured("EVIDENCE_STORE is not of the form s3://key:secret@host/bucket")
    asked = parse_qs(parts.query)
    plain = asked.get("plain") == ["1"]
    host = parts.netloc.rpartition("@")[2]
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": f"{'http' if plain else 'https'}://{host}",
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "region_name": asked.get("region", ["us-east-1"])[0],
            "bucket_name": bucket,
            "location": folder,
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": None,  # the bucket's own: private
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
