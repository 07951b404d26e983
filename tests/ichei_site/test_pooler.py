"""PgBouncer in between gives each transaction another session. There is no such thing on SQLite."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.servers import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent

# Two who read at the same time, a row at a time, and write in between; and the first page of the admin.
WORK = """
import django; django.setup()
from threading import Thread
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client

wrong = []

def work(name):
    try:
        group, _made = Group.objects.get_or_create(name=f"pooler-{name}")
        read = []
        for permission in Permission.objects.order_by("pk").iterator(chunk_size=5):
            if len(read) % 10 == 0:
                with transaction.atomic():
                    Group.objects.select_for_update().get(pk=group.pk).save()
            read.append(permission.pk)
        if len(set(read)) != Permission.objects.count():
            wrong.append("A row was lost.")
        group.delete()
    except Exception as error:
        wrong.append(repr(error))

threads = [Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
status = Client().get("/admin/login/", headers={"host": "localhost"}).status_code
print(status, wrong)
"""


@pytest.fixture
def pooler(db, tmp_path):
    """The address of the tests' database through a PgBouncer with two sessions for everybody."""
    database, port = connection.settings_dict, free_port()
    where = f"host={database['HOST']} port={database['PORT'] or 5432} user={database['USER']}"
    secret = f" password={database['PASSWORD']}" if database["PASSWORD"] else ""
    settings = tmp_path / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\nsite = {where} dbname={database['NAME']}{secret}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        "pool_mode = transaction\ndefault_pool_size = 2\n"
    )
    # It refuses to be root.
    account = ["-u", pwd.getpwnam("nobody").pw_name] if os.geteuid() == 0 else []
    settings.chmod(0o644)
    for folder in tmp_path.parents:
        if folder.owner() == pwd.getpwuid(os.geteuid()).pw_name and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    tmp_path.chmod(0o755)
    process = subprocess.Popen(
        ["pgbouncer", "--quiet", *account, str(settings)], stderr=subprocess.PIPE, text=True
    )
    wait_for(port)
    yield f"postgres://ichei@127.0.0.1:{port}/site"
    process.terminate()
    process.wait(10)


# Nothing to try elsewhere, and a test that doesn't run is none.
if connection.vendor == "postgresql":

    @pytest.mark.django_db
    def test_the_site_works_through_a_pooler_that_changes_sessions(pooler):
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "ichei_site.settings.test",
            "DATABASE_URL": pooler,
            "DATABASE_POOLER": "transaction",
        }
        done = subprocess.run(
            [sys.executable, "-c", WORK],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == "200 []", done.stderr[-2000:]
