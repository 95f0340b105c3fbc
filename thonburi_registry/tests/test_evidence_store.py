"""Photos in a folder of the office, and in its own S3-compatible store, which runs here on loopback."""

import io
import stat
import uuid
import zipfile

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.urls import reverse
from moto.server import ThreadedMotoServer

from communities.evidence_storage import evidence_storage
from communities.models import Role
from communities.tests.factories import appoint
from thonburi_registry.evidence_store import named_by
from verification.case_photos import add_photo
from verification.tests.case_factories import case_of
from verification.tests.odd_images import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    """The address of an S3-compatible store."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    yield f"{host}:{port}"
    store.stop()


@pytest.fixture
def in_the_store(server):
    """Photos go to a new bucket of the store."""
    address = f"s3://office:se%2Fcret@{server}/bucket-{uuid.uuid4().hex}/evidence?plain=1"
    with override_settings(STORAGES={**settings.STORAGES, "evidence": named_by(address)}):
        evidence_storage().bucket.create()
        yield


def a_photo():
    case = case_of()
    officer = appoint(Role.OFFICER, case.district)
    return add_photo(case, key=uuid.uuid4(), sent=io.BytesIO(jpeg()), by=officer), officer


def test_a_photo_is_kept_served_and_packed_from_the_store(in_the_store, client):
    photo, officer = a_photo()
    assert [item.key for item in evidence_storage().bucket.objects.all()] == sorted(
        f"evidence/{name}" for name in (photo.file.name, photo.thumbnail.name)
    )
    with photo.file.open() as file:
        content = file.read()
    client.force_login(officer)
    address = reverse("verification:case_photo", args=[photo.case_id, photo.pk])
    assert client.get(address).content == content
    part = client.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    packed = client.get(reverse("verification:case_photos_zip", args=[photo.case_id]), {"purpose": "x"})
    with zipfile.ZipFile(io.BytesIO(packed.getvalue())) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [content]


def test_a_photo_that_the_store_has_lost_is_not_there(in_the_store, client):
    photo, officer = a_photo()
    photo.file.storage.delete(photo.file.name)
    client.force_login(officer)
    assert client.get(reverse("verification:case_photo", args=[photo.case_id, photo.pk])).status_code == 404


def test_without_a_store_photos_lie_in_a_folder_that_only_the_office_reads(tmp_path):
    private = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    }
    with override_settings(MEDIA_ROOT=tmp_path, STORAGES={**settings.STORAGES, "evidence": private}):
        photo, _officer = a_photo()
        kept = tmp_path / photo.file.name
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_the_address_says_all_of_the_store():
    store = named_by("s3://me:p%40ss@photos.example:9000/bucket/a/b?region=th-1")
    wanted = ("endpoint_url", "access_key", "secret_key", "region_name", "bucket_name", "location", "default_acl")
    assert {name: store["OPTIONS"][name] for name in wanted} == {
        "endpoint_url": "https://photos.example:9000",
        "access_key": "me",
        "secret_key": "p@ss",
        "region_name": "th-1",
        "bucket_name": "bucket",
        "location": "a/b",
        "default_acl": None,
    }
    assert named_by("s3://photos.example/bucket")["OPTIONS"]["access_key"] is None
    assert named_by("") is None


@pytest.mark.parametrize("address", ["https://host/bucket", "s3://host", "s3:///bucket", "s3://me:secret@"])
def test_an_address_of_no_store_is_refused_without_repeating_its_secret(address):
    with pytest.raises(ImproperlyConfigured) as refusal:
        named_by(address)
    assert address not in str(refusal.value)
