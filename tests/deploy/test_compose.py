"""deploy/compose.yaml: one server."""

import ipaddress
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from . import variables
from .dockerfile import ROOT, stages

DEPLOY = ROOT / "deploy"
SITE = ("web", "schedule", "worker", "backup", "release")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def services(compose) -> dict:
    return compose["services"]


def example() -> dict[str, str]:
    lines = (DEPLOY / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def seconds(text: str) -> int:
    return int(re.fullmatch(r"(\d+)s", text)[1])


def test_compose_lint_finds_nothing():
    linter = Path(sys.executable).with_name("compose-lint")
    done = subprocess.run(
        [linter, "check", "--no-env", "--fail-on", "low", "--strict-config", "--quiet", "compose.yaml"],
        cwd=DEPLOY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_shut_in_and_bounded(services):
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "cpus", "pids_limit", "logging", "restart"} <= service.keys(), name
        assert "privileged" not in service, name


def test_every_service_has_a_user_without_rights(services):
    users = {
        "ichei-site": stages()["web"].last("USER"),
        "ichei-nginx": stages()["nginx"].last("USER"),
    }
    for name, service in services.items():
        user = service.get("user") or users[service["image"].partition(":")[0]]
        assert user not in {"root", "0"}, name


def test_all_images_of_the_site_are_of_one_release_and_all_others_pinned(services):
    for name, service in services.items():
        image, _, tag = service["image"].partition(":")
        if image in {"ichei-site", "ichei-nginx"}:
            assert tag.startswith("${RELEASE"), name
        else:
            assert re.search(r":[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}$", service["image"]), name
    built = {
        service["build"]["target"]: service["image"] for service in services.values() if "build" in service
    }
    assert built.keys() == {"web", "nginx"}
    assert built.keys() < stages().keys()


def test_the_site_knows_every_variable_that_it_is_given(services):
    known = variables.of_the_site()
    for name in SITE:
        # Where temporary files go is for Python itself.
        assert services[name]["environment"].keys() - {"TMPDIR"} <= known, name
    assert services["nginx"]["environment"].keys() <= variables.of_nginx()
    for_compose = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    assert example().keys() <= known | for_compose


def test_the_example_names_all_that_is_needed_and_holds_no_secret(services):
    for_compose = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    given = example()
    assert variables.required_of_the_site() | for_compose <= given.keys()
    assert not any(given[name] for name in given if re.search("SECRET|PASSWORD|TOKEN|KEY", name))


def test_production_starts_with_what_compose_gives_it(services):
    given = example() | services["web"]["environment"]
    secrets = {"SECRET_KEY": "k" * 64, "METRICS_TOKEN": ""}
    given["DATABASE_URL"] = re.sub(r"\$\{[^}]+\}", "a1b2", given["DATABASE_URL"])
    code = (
        "import django; from django.conf import settings as s; "
        "print(s.DATABASES['default']['HOST'], s.PAGE_CACHE_SHARED, s.ALLOWED_HOSTS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=given | secrets | {"DJANGO_SETTINGS_MODULE": "ichei_site.settings.production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "database default ['www.example.org', 'example.org']\n", done.stderr


def test_only_nginx_is_reached_from_outside_and_the_database_reaches_nothing(compose, services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("database", "cache"):
        assert services[name]["networks"] == ["inside"]


def test_nginx_finds_the_site_where_it_listens(compose, services):
    address = services["web"]["networks"]["inside"]["ipv4_address"]
    subnet = compose["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet)
    port = stages()["web"].last("EXPOSE")
    assert services["nginx"]["environment"]["UPSTREAM"] == f"server {address}:{port}"
    assert f'"BIND", "0.0.0.0:{port}"' in (DEPLOY / "gunicorn.py").read_text()
    ports = {port.partition(":")[2] for port in services["nginx"]["ports"]}
    assert ports == set(stages()["nginx"].last("EXPOSE").split())


def test_what_is_written_is_kept_where_the_images_have_a_place_for_it(compose, services):
    named = {
        volume.split(":")[0]: volume.split(":")[1]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./") and not volume.endswith(":ro")
    }
    assert named.keys() == compose["volumes"].keys()
    assert [named["uploads"]] == json.loads(stages()["web"].last("VOLUME"))
    assert f" /{named['backups'].strip('/')} " in f"{' '.join(stages()['web'].all('RUN'))} "
    assert [named["pages"]] == json.loads(stages()["nginx"].last("VOLUME"))


def test_the_release_is_prepared_before_anything_of_it_starts(services):
    assert services["release"]["command"] == ["sh", "deploy/release.sh"]
    assert services["release"]["restart"] == "no"
    for name in SITE:
        if name != "release":
            needed = services[name]["depends_on"]["release"]["condition"]
            assert needed == "service_completed_successfully", name
    assert services["nginx"]["depends_on"] == {"web": {"condition": "service_healthy"}}


def test_a_process_gets_the_time_that_it_needs_to_end(services):
    graceful = re.search(r"^graceful_timeout = (\d+)", (DEPLOY / "gunicorn.py").read_text(), re.MULTILINE)[1]
    assert seconds(services["web"]["stop_grace_period"]) > int(graceful)


def test_only_the_web_process_is_asked_whether_it_is_ready_for_visitors(services):
    assert "test" not in services["web"]["healthcheck"]
    for name in SITE:
        health = services[name]["healthcheck"]
        assert name == "web" or health == {"disable": True} or "manage.py" in health["test"], name


def test_every_command_is_one_of_the_site(services):
    commands = [
        service["command"] for service in services.values() if "manage.py" in service.get("command", [])
    ]
    assert commands
    assert {command[2] for command in commands} <= get_commands().keys()
    release = (DEPLOY / "release.sh").read_text()
    assert set(re.findall(r"^python manage\.py (\w+)", release, re.MULTILINE)) <= get_commands().keys()


def test_there_is_a_backup_each_night_and_one_that_fails_is_tried_again(tmp_path):
    programs = {
        # Eight in the evening; the first backup fails.
        "date": "echo 1796068800",
        "sleep": f"echo pause $1 >> {tmp_path}/log; [ $1 != 60 ] || kill $PPID",
        "python": f"echo $* >> {tmp_path}/log; [ $(grep -c backup {tmp_path}/log) -gt 1 ]",
    }
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["sh", str(DEPLOY / "backup.sh")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    until_half_past_six = 22 * 3600 + 1800
    assert (tmp_path / "log").read_text().splitlines() == [
        f"pause {until_half_past_six}", "manage.py backup", "pause 3600", "manage.py backup", "pause 60",
    ]  # fmt: skip


def test_a_release_does_what_the_readme_says():
    done = re.findall(r"^python manage\.py (\w+)", (DEPLOY / "release.sh").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    told = re.findall(r"^python manage\.py (\w+) .*# after an update", readme, re.MULTILINE)
    assert done[0] == "migrate"
    assert set(told) <= set(done)


def test_the_index_of_the_guides_names_each_of_them():
    folder = ROOT / "docs" / "operations"
    named = set(re.findall(r"^\| \[([\w-]+\.md)\]", (folder / "README.md").read_text(), re.MULTILINE))
    assert named == {path.name for path in folder.glob("*.md")} - {"README.md"}
