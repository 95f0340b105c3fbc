"""The private cluster comes up by itself, whatever happened before."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

from thonburi_registry import database
from thonburi_registry.database import Cluster, DatabaseUnavailable

LONG = 300  # seconds: a busy machine is no fault of the code
START = "import sys; from pathlib import Path; from thonburi_registry import database as d; "
START += "d.start(d.private_cluster(Path(sys.argv[1])))"


@pytest.fixture
def project() -> Iterator[Path]:
    """An empty project folder that an unprivileged account can reach, unlike pytest's own."""
    folder = Path(mkdtemp(prefix="thonburi-"))
    folder.chmod(0o755)
    yield folder
    with suppress(DatabaseUnavailable):
        database.remove(database.private_cluster(folder))
    shutil.rmtree(folder)


@pytest.fixture
def cluster(project: Path) -> Cluster:
    """A cluster that is up."""
    made = database.private_cluster(project)
    database.start(made)
    return made


def working_folders() -> Iterator[Path]:
    """The folders that processes work in, of those that may be asked."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (process / "cwd").readlink()


def kill_server(cluster: Cluster) -> None:
    """Take the server's life as a power cut would, and wait until it is gone: its children outlive it for a moment."""
    process = database._process_number(cluster)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    until = time.monotonic() + LONG
    while database.answers(cluster) or any(map(cluster.data.__eq__, working_folders())):
        assert time.monotonic() < until
        time.sleep(0.05)


def value(cluster: Cluster, query: str) -> str:
    """Return what a query of one value says."""
    connection = cluster.connect()
    with connection.cursor() as cursor:
        cursor.execute(query)
        (found,) = cursor.fetchone()
    connection.close()
    return str(found)


def test_two_starts_at_once_on_an_empty_folder_both_find_one_server(project: Path) -> None:
    starts = [subprocess.Popen([sys.executable, "-c", START, project], cwd=database.PROJECT) for _ in range(2)]
    assert [start.wait(LONG) for start in starts] == [0, 0]
    assert database.answers(database.private_cluster(project))


def test_starting_again_is_over_at_once(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as watched:
        watched.setattr(database, "_run", lambda *_: pytest.fail("a program was run where the server answers"))
        database.start(cluster)


def test_a_stopped_server_comes_back_with_its_data(cluster: Cluster) -> None:
    value(cluster, "CREATE TABLE kept (); COMMIT; SELECT 1")
    database.stop(cluster)
    assert not database.answers(cluster)
    database.start(cluster)
    assert value(cluster, "SELECT to_regclass('kept')") == "kept"


def test_stopping_twice_is_no_fault(cluster: Cluster) -> None:
    database.stop(cluster)
    database.stop(cluster)
    assert not database.answers(cluster)


def test_a_killed_server_is_started_again(cluster: Cluster) -> None:
    kill_server(cluster)
    database.start(cluster)
    assert database.answers(cluster)


def test_a_process_number_that_another_process_has_by_now_does_not_block_the_start(cluster: Cluster) -> None:
    database.stop(cluster)
    lock = f"{os.getppid()}\n{cluster.data}\n"
    (cluster.data / "postmaster.pid").write_text(lock)
    (cluster.socket_folder / f".s.PGSQL.{database.PORT}.lock").write_text(lock)
    database.start(cluster)
    assert database.answers(cluster)


def test_a_data_folder_left_half_made_is_made_anew(project: Path) -> None:
    unfinished = database.private_cluster(project).home / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    database.start(database.private_cluster(project))
    assert not unfinished.exists()


def test_a_database_that_was_never_made_is_made_at_the_next_start(cluster: Cluster) -> None:
    connection = cluster.connect(database="postgres", user=database.SUPERUSER)
    connection.autocommit = True
    connection.cursor().execute(f"DROP DATABASE {database.DATABASE}")
    connection.close()
    database.start(cluster)
    assert database.answers(cluster)


def test_thai_letters_survive_in_trigrams_and_nothing_listens_on_the_network(cluster: Cluster) -> None:
    value(cluster, "CREATE EXTENSION pg_trgm; COMMIT; SELECT 1")
    assert float(value(cluster, "SELECT similarity('ซอยอิสรภาพ', 'ซอยอิสรภาพ 15')")) > 0.5
    assert float(value(cluster, "SELECT similarity('ตลาดพลู', 'วัดกัลยาณ์')")) == 0
    assert value(cluster, "SHOW listen_addresses") == ""
    assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700


def test_a_project_path_too_long_for_a_socket_gets_a_short_one_elsewhere(project: Path) -> None:
    deep = project / ("long" * 30)
    deep.mkdir()
    cluster = database.private_cluster(deep)
    try:
        database.start(cluster)
        assert cluster.socket_folder.parent == database.SHORT_SOCKET_FOLDERS
        assert database.answers(cluster)
    finally:
        database.remove(cluster)
    assert not cluster.socket_folder.exists()


def test_a_socket_folder_that_somebody_else_put_there_is_refused(project: Path) -> None:
    cluster = database.private_cluster(project)
    cluster.home.mkdir()
    cluster.socket_folder.symlink_to(project)
    with pytest.raises(DatabaseUnavailable, match=r"not private|cannot be made"):
        database.start(cluster)


def test_a_folder_that_others_cannot_enter_is_known_as_such(project: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    inside = project / "closed" / "project"
    inside.mkdir(parents=True)
    assert database.can_enter(nobody, inside)
    inside.parent.chmod(0o700)
    assert not database.can_enter(nobody, inside)


def test_root_keeps_the_cluster_of_a_closed_project_outside_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    closed = project / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(database, "_account_for", lambda _: pwd.getpwnam("nobody"))
    home = database.private_cluster(closed).home
    assert home == database.HOMES_OUTSIDE_THE_PROJECT / database.key_of(closed)


def test_an_ordinary_user_is_told_whose_cluster_it_is(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = pwd.getpwnam("nobody")
    (project / ".database").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: account.pw_uid)
    with pytest.raises(DatabaseUnavailable, match="belongs to the account"):
        database.start(Cluster(project / ".database", account))


def test_the_offices_own_database_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://registry@db.example/registry")
    monkeypatch.setattr(database, "start", lambda _: pytest.fail("a private cluster was started"))
    database.start_if_private()
