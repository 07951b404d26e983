"""The administrator whom `make run` makes."""

import stat

import pytest
from django.core.management import call_command


@pytest.fixture
def password_file(settings, tmp_path):
    settings.ADMIN_PASSWORD_FILE = tmp_path / "var" / "admin-password"
    return settings.ADMIN_PASSWORD_FILE


def test_the_first_start_makes_an_administrator_with_a_generated_password(db, client, password_file, capsys):
    call_command("ensure_admin")
    password = password_file.read_text().strip()
    assert len(password) >= 20
    assert password in capsys.readouterr().out
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    response = client.post("/admin/login/", {"username": "admin", "password": password})
    assert response.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_second_start_keeps_the_password_and_does_not_print_it(
    db, password_file, django_user_model, capsys
):
    call_command("ensure_admin")
    password, stored = password_file.read_text().strip(), django_user_model.objects.get().password
    capsys.readouterr()
    call_command("ensure_admin")
    assert password not in capsys.readouterr().out
    assert django_user_model.objects.get().password == stored


def test_a_site_with_an_administrator_gets_no_second_one(administrator, django_user_model, password_file):
    call_command("ensure_admin")
    assert django_user_model.objects.get() == administrator
    assert not password_file.exists()
