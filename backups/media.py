"""Every uploaded file, wherever uploads are kept."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

# Drawn anew when somebody asks for them.
LEFT_OUT = ("cards/",)


def names(folder: str = "") -> Iterator[str]:
    """The names of all files, in order, from the storage's root down."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        if f"{folder}{name}/" not in LEFT_OUT:
            yield from names(f"{folder}{name}/")
