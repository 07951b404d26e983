"""`make rehearse-image`: the Dockerfile, step by step, without a container engine.

Each stage gets a root folder of its own, with the programs of this machine, and each RUN is carried out in it
as it stands there; only what apt would install has to be on this machine already. It takes Linux and root.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from .dockerfile import ROOT, Stage, context, stages

# What stands for a base image: the programs, and as much of /etc as they need.
LINKS = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
ETC = (
    "alternatives", "group", "hosts", "ld.so.cache", "login.defs", "nginx", "nsswitch.conf", "passwd",
    "resolv.conf", "ssl", "xdg",
)  # fmt: skip
# How this machine reaches the index of packages, if it is told so by its environment.
PASSED_ON = {
    "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PIP_CERT", "PIP_DEFAULT_TIMEOUT", "PIP_EXTRA_INDEX_URL",
    "PIP_INDEX_URL", "PIP_TRUSTED_HOST", "SSL_CERT_FILE",
}  # fmt: skip
# The arguments of apt-get that install something are packages; Debian's own record says what is there.
APT = """#!/bin/sh
[ "$1" = install ] || exit 0
shift
for package in "$@"; do
    case $package in
        -*) ;;
        *) dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' \\
               || { echo "This machine lacks a package of the image: apt install $package." >&2; exit 1; } ;;
    esac
done
"""


class Image:
    """A stage of the Dockerfile as a folder that is the root of whatever runs in it."""

    def __init__(self, stage: Stage, folder: Path, others: dict[str, "Image"]):
        self.stage, self.root, self.others = stage, folder / stage.name, others
        self.work = "/"
        self.environment = {"PATH": "/base:/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", "LANG": "C.UTF-8"}
        self.user = "0"

    def build(self) -> None:
        self.make_base()
        for instruction, text in self.stage.steps:
            getattr(self, f"do_{instruction.lower()}")(text)

    def make_base(self) -> None:
        for name in ("usr", "proc", "dev", "etc", "tmp", "base", "var/lib/dpkg", sys.base_prefix[1:]):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)
        (self.root / "tmp").chmod(0o1777)
        for name in LINKS:
            if Path("/", name).is_symlink():
                (self.root / name).symlink_to(Path("/", name).readlink())
        for name in ETC:
            source, target = Path("/etc", name), self.root / "etc" / name
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True)
            elif source.exists():
                shutil.copy(source, target)
        (self.root / "base" / "apt-get").write_text(APT)
        (self.root / "base" / "apt-get").chmod(0o755)
        (self.root / "base" / "python").symlink_to(
            Path(sys.base_prefix, "bin", f"python3.{sys.version_info[1]}")
        )

    # Instructions ------------------------------------------------------------------------------------------
    def do_run(self, text: str) -> None:
        passed = {name: value for name, value in os.environ.items() if name in PASSED_ON}
        status, output = self.run(["sh", "-c", text], **passed)
        if status:
            raise RuntimeError(f"A step of {self.stage.name} failed: RUN {text}\n{output[-3000:]}")

    def do_copy(self, text: str) -> None:
        *sources, target = shlex.split(text)
        if sources[0].startswith("--from="):
            origin = self.others[sources.pop(0).partition("=")[2]].root
            for source in sources:
                # Linked instead of copied: nobody writes to these files any more.
                shutil.copytree(
                    origin / source[1:],
                    self.place(target),
                    symlinks=True,
                    copy_function=os.link,
                    dirs_exist_ok=True,
                )
            return
        into_folder = target.endswith(("/", ".")) or len(sources) > 1
        for source in sources:
            start = (ROOT / source).resolve()
            for path in context(start) if start.is_dir() else [start]:
                inside = path.relative_to(start) if start.is_dir() else path.name if into_folder else ""
                copy = self.place(target) / inside
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy, follow_symlinks=False)

    def do_workdir(self, text: str) -> None:
        self.work = text
        self.place(text).mkdir(parents=True, exist_ok=True)

    def do_env(self, text: str) -> None:
        for pair in text.split():
            name, value = pair.split("=", 1)
            self.environment[name] = value.replace("$PATH", self.environment["PATH"])

    def do_user(self, text: str) -> None:
        self.user = text

    def do_volume(self, text: str) -> None:
        """A folder that stays writable where the rest isn't."""

    # What says something of the image and makes nothing in it.
    do_arg = do_label = do_expose = do_healthcheck = do_stopsignal = do_cmd = do_volume

    def place(self, path: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.root / os.path.normpath(os.path.join(self.work, path)).lstrip("/")

    # Running -----------------------------------------------------------------------------------------------
    def run(self, command: list[str], **options) -> tuple[int, str]:
        """Carries out a command, and gives its exit status and what it printed; options as of `start`."""
        process = self.start(command, output=subprocess.PIPE, **options)
        printed = process.communicate(timeout=900)[0]
        return process.returncode, printed

    def start(
        self, command: list[str], output, read_only: bool = False, volumes: dict[str, Path] | None = None,
        **environment: str,
    ) -> subprocess.Popen:  # fmt: skip
        """Starts a command as the image's user, in a root of its own.

        With `read_only`, nothing can be written but /tmp, /dev/shm and `volumes`, which are given as
        {place in the image: folder}.
        """
        root = shlex.quote(str(self.root))
        mounts = [f"mount --bind {root} {root}"]
        if read_only:
            mounts.append(f"mount -o remount,bind,ro {root}")
        for place in ("/usr", "/var/lib/dpkg", sys.base_prefix):
            target = shlex.quote(str(self.root / place[1:]))
            mounts += [f"mount --bind {place} {target}", f"mount -o remount,bind,ro {target}"]
        mounts += [f"mount --rbind /{place} {root}/{place}" for place in ("proc", "dev")]
        mounts.append(f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp")
        for place, folder in (volumes or {}).items():
            mounts.append(f"mount --bind {shlex.quote(str(folder))} {root}{place}")
        variables = [f"{name}={value}" for name, value in (self.environment | environment).items()]
        enter = ["chroot", f"--userspec={self.user}:{self.user}", str(self.root), "env", "-i", *variables]
        inside = [*enter, "sh", "-c", f"cd {self.work} && exec {shlex.join(command)}"]
        return subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", " && ".join([*mounts, f"exec {shlex.join(inside)}"])],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )


def build(folder: Path) -> dict[str, Image]:
    """All stages of the Dockerfile, in folders below `folder`."""
    images: dict[str, Image] = {}
    for name, stage in stages().items():
        images[name] = Image(stage, folder, images)
        images[name].build()
    return images
