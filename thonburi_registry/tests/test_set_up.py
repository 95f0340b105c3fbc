"""A bare machine is made ready, and made ready only once."""

import os
import socket
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from django.core.management import call_command

from thonburi_registry import catalogues, machine, secret_key
from thonburi_registry.machine import MachineNotReady, SystemPackage

NEVER_INSTALLED = SystemPackage("abacus", ("abacus-of-the-district",))


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPool(4) as pool:
        keys = set(pool.map(secret_key.kept_in, [tmp_path / "data"] * 4))
    assert len(keys) == 1
    assert len(keys.pop()) > 60
    kept = tmp_path / "data" / "secret_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_taken_port_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert machine.main(["port", str(port)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Port {port} cannot be used")
    assert said.count("\n") == 1


def test_an_ordinary_user_is_told_which_system_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(MachineNotReady, match="apt-get install abacus"):
        machine.install_system_packages([NEVER_INSTALLED])


def test_root_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(machine, "_apt_install", lambda packages: asked.append(packages) or True)
    machine.install_system_packages([NEVER_INSTALLED, SystemPackage("a shell", ("sh",))])
    assert asked == [["abacus"]]


def test_packages_are_installed_again_only_when_the_lock_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, calls = tmp_path / "requirements.txt", []
    monkeypatch.setattr(machine, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(
        machine.subprocess, "run", lambda *call: calls.append(call) or type("Done", (), {"returncode": 0})
    )
    for text in ("first", "first", "second"):
        lock.write_text(text)
        machine.install_packages(lock)
    assert len(calls) == 2


def test_a_catalogue_is_compiled_when_it_changed(tmp_path: Path) -> None:
    source = tmp_path / "th" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "house"\nmsgstr "บ้าน"\n')
    assert catalogues.compile_changed(tmp_path) == 1
    assert catalogues.compile_changed(tmp_path) == 0
    assert "บ้าน".encode() in source.with_suffix(".mo").read_bytes()


@pytest.mark.django_db
def test_preparing_a_second_time_collects_nothing(tmp_path: Path, settings) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("prepare")
    collected = settings.STATIC_ROOT / "fonts" / "sarabun" / "Sarabun-Regular.ttf"
    collected.unlink()
    call_command("prepare")
    assert not collected.exists()
