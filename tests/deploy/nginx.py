"""nginx with the files of deploy/, in a folder of its own instead of /etc, /tmp and /var."""

import re
import shutil
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def configured(folder: Path, *, upstream: str, hosts: str, http_port: int, https_port: int, **places) -> Path:
    """Writes nginx.conf and what it includes, with all that a place fills in; the path of nginx.conf.

    The certificate is cert.pem and key.pem in the folder. `places` are static, errors and media_parent.
    """
    conf = folder / "conf.d"
    conf.mkdir()
    for name in ("low-data.nginx.conf", "nginx-errors.conf"):
        shutil.copy(DEPLOY / name, conf / name)
    values = {
        "UPSTREAM": upstream, "CACHE": folder / "cache", "HOSTS": hosts, "HTTP_PORT": http_port,
        "HTTPS_PORT": https_port, "CERTIFICATE": folder / "cert.pem", "CERTIFICATE_KEY": folder / "key.pem",
        "ACME": folder / "acme", "BROTLI": "brotli_static on;" if BROTLI.exists() else "",
    } | {name.upper(): place for name, place in places.items()}  # fmt: skip
    site = (DEPLOY / "nginx" / "site.conf").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+)\}", site)) == values.keys()
    for name, value in values.items():
        site = site.replace(f"${{{name}}}", str(value))
    (conf / "site.conf").write_text(site)
    main = (DEPLOY / "nginx" / "nginx.conf").read_text()
    # First what is in /tmp: the folder itself may be there.
    for name, place in (
        ("/tmp/", f"{folder}/"),
        ("/etc/nginx/conf.d", conf),
        ("/dev/stdout", folder / "access.log"),
    ):
        assert name in main
        main = main.replace(name, str(place))
    path = folder / "nginx.conf"
    path.write_text(main)
    return path


def let_in(folder: Path) -> None:
    """nginx gives up root's rights, and has to come into the folder all the same."""
    folder.chmod(0o755)
    for parent in folder.parents[:3]:
        if parent.owner() == Path.home().owner() and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o011)
