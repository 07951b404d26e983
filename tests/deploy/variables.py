"""The environment variables that the site and its nginx read, as their own code says."""

import re

from .dockerfile import ROOT

READS = re.compile(
    r"""(?:environ(?:\.get\(|\.setdefault\(|\[)|required\(|flag\(|whole_number\()\s*"([A-Z][A-Z0-9_]+)\""""
)
# Django's, gunicorn's and prometheus-client's own.
OTHERS = {"DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR"}


def of_the_site() -> set[str]:
    files = [ROOT / "deploy" / "gunicorn.py", *ROOT.glob("ichei_site/settings/*.py")]
    files += [
        path
        for room in ("monitoring", "caching", "library", "backups")
        for path in (ROOT / room).rglob("*.py")
    ]
    backups = (ROOT / "backups" / "targets.py").read_text()
    of_backups = {f"BACKUP_S3_{name}" for name in re.findall(r'environment\("([A-Z_]+)"\)', backups)}
    return OTHERS | of_backups | {name for path in files for name in READS.findall(path.read_text())}


def required_of_the_site() -> set[str]:
    """Those without which production does not start, whatever else is set."""
    text = (ROOT / "ichei_site" / "settings" / "production.py").read_text()
    outside_functions = re.sub(r"^def .*?(?=^\S)", "", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r'required\("([A-Z_]+)"', outside_functions))


def of_nginx() -> set[str]:
    text = (ROOT / "deploy" / "nginx" / "start.sh").read_text()
    return set(re.findall(r"\$\{([A-Z_]+):-", text))
