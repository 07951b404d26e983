"""A backup that is restored into an empty system gives back every row and every file."""

import errno
import gzip
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from backups import archive, making, media, restoring
from backups.failures import BackupFailed
from backups.measures import last_success
from backups.models import Backup
from backups.retention import Retention
from backups.signals import restored
from backups.targets import Folder, Kept, kept
from tests.servers import S3Server

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRESQL = connection.vendor == "postgresql"
pytestmark = pytest.mark.xdist_group("backups")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def key(folder) -> tuple[str, Path]:
    """(public key, file of the secret one)."""
    path = folder / "identity"
    out = io.StringIO()
    call_command("backup_key", str(path), stdout=out)
    return out.getvalue().split()[0].removeprefix("BACKUP_KEY="), path


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker, folder, key) -> Path:
    """A backup of the starting content, encrypted, and a file that nobody's row names."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        name = default_storage.save("documents/Report №1.pdf", ContentFile(b"%PDF-1.7 report"))
        (folder / "kept").mkdir()
        making.make(Folder(folder / "kept"), key[0], Retention())
        Backup.objects.all().delete()
        default_storage.delete(name)
    return next((folder / "kept").iterdir())


@pytest.fixture(scope="module")
def plain(whole, folder, key) -> Path:
    """The same, readable."""
    path = folder / "plain.tar.gz"
    with archive.decrypted(whole, archive.identity_in(key[1])) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


@pytest.fixture
def elsewhere(tmp_path, request):
    """The environment of a system without a table and without a file."""
    (tmp_path / "media").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "ichei_site.settings.production",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "www.example.org",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
    }
    if not POSTGRESQL:
        yield environment
        return
    values, name = connection.settings_dict, f"restored_{os.getpid()}"
    options = {
        "host": values["HOST"], "port": values["PORT"] or 5432, "user": values["USER"],
        "password": values["PASSWORD"],
    }  # fmt: skip
    with closing(psycopg2.connect(dbname="postgres", **options)) as server:
        server.autocommit = True
        server.cursor().execute(f'CREATE DATABASE "{name}"')
        secret = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
        address = f"{values['USER']}{secret}@{options['host']}:{options['port']}/{name}"
        try:
            yield environment | {"DATABASE_URL": f"postgres://{address}"}
        finally:
            server.cursor().execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def all_rows(cursor, tables: list[str]) -> dict[str, list]:
    found = {}
    if POSTGRESQL:
        cursor.execute("SET timezone = 'UTC'")
    for table in tables:
        cursor.execute(f'SELECT {"CAST(t AS text)" if POSTGRESQL else "*"} FROM "{table}" t')
        found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def rows_here() -> dict[str, list]:
    """Every row of the tests' own database, as its driver gives it."""
    with connection.cursor() as cursor:
        tables = [
            table
            for table in connection.introspection.table_names(cursor)
            # SQLite's own index of words.
            if "_fts" not in table
        ]
        return all_rows(cursor.cursor, tables)


def rows_there(environment: dict[str, str], tables: list[str]) -> dict[str, list]:
    url = environment["DATABASE_URL"]
    if POSTGRESQL:
        opened = psycopg2.connect(url)
    else:
        opened = sqlite3.connect(url.removeprefix("sqlite:///"), detect_types=sqlite3.PARSE_DECLTYPES)
    with closing(opened) as database, closing(database.cursor()) as cursor:
        return all_rows(cursor, tables)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.django_db(transaction=False)
def test_a_backup_restores_every_row_and_every_file_into_an_empty_system(whole, key, elsewhere):
    done = manage(elsewhere, "restore", str(whole), "--identity", str(key[1]))
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("Restored as of ")
    here = rows_here()
    there = rows_there(elsewhere, list(here))
    # What was kept of the old database is forgotten in the new one.
    for table in ("caching_change", "caching_position"):
        here.pop(table)
        there.pop(table)
    assert {table for table in here if here[table] != there[table]} == set()
    assert sum(map(len, here.values())) > 1000
    expected = {name: default_storage.open(name).read() for name in media.names()}
    expected["documents/Report №1.pdf"] = b"%PDF-1.7 report"
    assert files_below(Path(elsewhere["MEDIA_ROOT"])) == expected
    # A second time would lose what has been written since.
    again = manage(elsewhere, "restore", str(whole), "--identity", str(key[1]))
    assert again.returncode == 1
    assert again.stderr.startswith("CommandError: There is content here already")
    # And it is a site: a new page gets a number of its own.
    code = (
        "from pages.models import BasePage, ContentPage; "
        "home = BasePage.objects.get(depth=2); newest = BasePage.objects.order_by('pk').last().pk; "
        "page = home.add_child(instance=ContentPage(title_en='New', slug='new')); print(page.pk > newest)"
    )
    made = manage(elsewhere, "shell", "--no-imports", "-c", code)
    assert made.stdout.strip() == "True", made.stderr[-2000:]


def test_a_backup_that_nobody_encrypted_can_be_read_by_tar_alone(plain):
    with tarfile.open(plain) as tar:
        names = tar.getnames()
    assert names[-1] == archive.MANIFEST
    assert any(name.startswith("media/") for name in names)


def test_an_encrypted_backup_shows_nothing_and_only_its_owner_may_read_the_file(whole):
    assert whole.read_bytes().startswith(archive.AGE)
    assert b"documents" not in whole.read_bytes()
    assert whole.name.endswith(".tar.gz.age")
    assert whole.stat().st_mode & 0o077 == 0
    assert [path.name for path in whole.parent.iterdir()] == [whole.name]


@pytest.fixture
def untouched(db, monkeypatch):
    """Fails if anything is changed."""

    def refuse(*arguments, **options):
        raise AssertionError("Something was changed.")

    monkeypatch.setattr(default_storage, "save", refuse)
    monkeypatch.setattr(default_storage, "delete", refuse)
    monkeypatch.setattr(restoring, "database", refuse)


def refused(path: Path, sentence: str, identity: Path | None = None, **options) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", str(path), identity=identity and str(identity), **options)


def test_what_was_cut_off_or_altered_is_refused_before_anything_is_changed(
    whole, plain, key, tmp_path, untouched
):
    cut = tmp_path / "cut"
    cut.write_bytes(plain.read_bytes()[:-20_000])
    refused(cut, "damaged or not complete")
    cut.write_bytes(whole.read_bytes()[:-20_000])
    refused(cut, "damaged", key[1])
    altered = bytearray(whole.read_bytes())
    altered[len(altered) // 2] ^= 1
    cut.write_bytes(altered)
    refused(cut, "damaged", key[1])


def rewritten(plain: Path, target: Path, change) -> Path:
    """The archive with other members: `change` takes (name, bytes) of each, and gives those instead."""
    with tarfile.open(plain) as source, tarfile.open(target, "w:gz") as tar:
        for info in source:
            for name, content in change(info.name, source.extractfile(info).read()):
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return target


def test_a_file_that_somebody_has_put_in_another_s_place_is_refused(plain, tmp_path, untouched):
    def change(name, content):
        return [(name, b"another" if name.startswith("media/") else content)]

    refused(rewritten(plain, tmp_path / "forged", change), "is not as it was written: media/")


@pytest.mark.parametrize("name", ["media/../../outside", "/etc/outside", "secrets/outside"])
def test_a_name_that_leads_out_of_the_uploads_is_refused(plain, tmp_path, untouched, name):
    def change(other, content):
        return [(name, b"x"), (other, content)]

    refused(rewritten(plain, tmp_path / "forged", change), "which none of ours does")


def test_a_link_is_refused(tmp_path, untouched):
    path = tmp_path / "links"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("media/passwords")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    refused(path, "which none of ours does")


def test_a_backup_of_a_newer_release_is_refused(plain, tmp_path, untouched):
    def change(name, content):
        if name == archive.MANIFEST:
            manifest = json.loads(content)
            manifest["database"]["migrations"].append(["news", "9999_of_next_year"])
            content = json.dumps(manifest).encode()
        return [(name, content)]

    refused(rewritten(plain, tmp_path / "newer", change), "newer release, with news 9999_of_next_year")


def test_a_key_that_does_not_fit_is_refused(whole, key, tmp_path, untouched):
    refused(whole, "encrypted: give its key")
    other = tmp_path / "other"
    call_command("backup_key", str(other), stdout=io.StringIO())
    refused(whole, "another key", other)
    refused(whole, "can't be read", tmp_path / "none")
    (tmp_path / "empty").write_text("nothing")
    refused(whole, "There is no key in", tmp_path / "empty")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup_key", str(other), stdout=io.StringIO())


def test_a_site_with_content_is_not_lost_by_mistake(plain, untouched, page):
    page("privacy/").save_revision()
    refused(plain, "There is content here already")


def test_who_keeps_nothing_of_the_old_database_is_told():
    # ichei_site/apps.py: without it, kept pages would be shown that the restored database knows nothing of.
    assert restored.has_listeners()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say where to"),
        (["/nowhere/at/all"], "There is no folder /nowhere/at/all"),
        (["s3://"], "write s3://bucket/folder"),
        (["{here}", "--key", "age1nonsense"], "The key for backups is none"),
        (["{here}", "--keep-daily", "-1"], "write 0 or more"),
    ],
)
def test_bad_arguments_get_one_sentence(db, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.delenv("BACKUP_TO", raising=False)
    with pytest.raises(CommandError, match=sentence):
        call_command("backup", *(argument.format(here=tmp_path) for argument in arguments))
    assert list(tmp_path.iterdir()) == []
    assert last_success() is None


def test_a_full_disk_leaves_no_half_of_a_backup_and_keeps_the_old_ones(db, tmp_path, monkeypatch):
    old = tmp_path / "ichei-20200101T000000Z.tar.gz"
    old.write_bytes(b"old")

    def full(writer, about, moment):
        writer.add("database/begun", lambda file: file.write(b"x" * 100_000))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "fill", full)
    with pytest.raises(CommandError, match="There is no room for the backup"):
        call_command("backup", str(tmp_path), keep_daily=1, keep_weekly=0, keep_monthly=0)
    assert list(tmp_path.iterdir()) == [old]


def test_a_backup_that_can_not_be_read_back_gets_no_name(db, tmp_path, monkeypatch):
    def fill(writer, about, moment):
        writer.add("database/rows", lambda file: file.write(b"rows"))
        writer.members["database/rows"]["sha256"] = "another"

    monkeypatch.setattr(making, "fill", fill)
    with pytest.raises(CommandError, match="not as it was written"):
        call_command("backup", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def at(day: str) -> Kept:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Kept(moment, f"ichei-{moment:%Y%m%dT%H%M%SZ}.tar.gz", 1)


def test_the_newest_of_each_day_week_and_month_are_kept_as_long_as_they_should():
    first = datetime(2026, 1, 1, 3, tzinfo=UTC)
    nightly = [at((first + timedelta(days=number)).isoformat()[:19]) for number in range(200)]
    outlived = Retention(daily=7, weekly=5, monthly=12).outlived(nightly)
    left = [backup for backup in nightly if backup not in outlived]
    assert left[-7:] == nightly[-7:]
    assert [backup.at.isoformat()[:10] for backup in left[:-7]] == [
        # The last of each month, then the Sundays of the weeks before.
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-21", "2026-06-28",
        "2026-06-30", "2026-07-05", "2026-07-12",
    ]  # fmt: skip


def test_the_newest_stays_whatever_was_asked_for():
    both = [at("2026-01-01"), at("2026-01-02")]
    assert Retention(0, 0, 0).outlived(both) == both[:1]


@pytest.mark.parametrize("name", ["notes.txt", "ichei-2026.tar.gz", "ichei-20260101T000000Z.tar.gz.part"])
def test_what_is_no_backup_of_ours_is_never_counted(name):
    assert kept(name, 1) is None


@pytest.mark.django_db
def test_old_ones_go_after_a_new_one_is_there_and_a_list_shows_what_is_left(tmp_path, monkeypatch):
    def fill(writer, about, moment):
        about["database"] = {"tables": {}}
        writer.add("database/rows", lambda file: file.write(b"rows"))

    monkeypatch.setattr(making, "fill", fill)
    (tmp_path / "ichei-20200101T000000Z.tar.gz").write_bytes(b"old")
    (tmp_path / "notes.txt").write_text("not ours")
    for _time in range(2):
        call_command(
            "backup", str(tmp_path), keep_daily=1, keep_weekly=0, keep_monthly=0, stdout=io.StringIO()
        )
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert "notes.txt" in names
    out = io.StringIO()
    call_command("restore", str(tmp_path), list=True, stdout=out)
    assert out.getvalue().split()[0] == names[0]
    assert timezone.now().timestamp() - last_success() < 60


@pytest.fixture(scope="module")
def s3():
    server = S3Server()
    server.start()
    server.make_bucket()
    yield server
    server.stop()


@pytest.mark.django_db
def test_a_backup_in_a_bucket_is_read_back_and_can_be_restored_from_there(s3, key, tmp_path, monkeypatch):
    def fill(writer, about, moment):
        about["database"] = {"tables": {}}
        writer.add("database/rows", lambda file: file.write(b"rows"))

    monkeypatch.setattr(making, "fill", fill)
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    out = io.StringIO()
    call_command("backup", "s3://media/backups", key=key[0], stdout=out)
    name = out.getvalue().partition(":")[0]
    seen = []

    def look(path, identity, replace):
        seen.extend(archive.read(path, identity).members)
        raise BackupFailed("Seen.")

    monkeypatch.setattr("backups.management.commands.restore.restore", look)
    with pytest.raises(CommandError, match="Seen"):
        call_command("restore", f"s3://media/backups/{name}", identity=str(key[1]))
    assert seen == ["database/rows"]
    monkeypatch.setenv("S3_SECRET_KEY", "")
    with pytest.raises(CommandError, match="The store for backups does not take them"):
        call_command("backup", "s3://another-bucket/backups", stdout=io.StringIO())


def test_a_gzip_that_goes_on_is_no_backup(plain, tmp_path, untouched):
    longer = tmp_path / "longer"
    longer.write_bytes(plain.read_bytes() + gzip.compress(b"more")[:-4])
    with pytest.raises(BackupFailed):
        archive.read(longer, None)
