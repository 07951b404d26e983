"""All rows of the database at one moment, and back.

SQLite gives a copy of itself, PostgreSQL its tables one after the other in one transaction. Both say of each
table how many rows it has and what their digest is, which is how a restored one is compared.
"""

import hashlib
import shutil
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .digests import Digest
from .failures import BackupFailed

# What the text of a value depends on.
SESSION = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
)


@dataclass(frozen=True)
class Rows:
    """What a table holds: how many rows, and the SHA-256 of all of them in order."""

    rows: int
    sha256: str

    def as_json(self) -> dict:
        return {"rows": self.rows, "sha256": self.sha256}


# Takes a name and a function that writes to a file: a member of the archive.
Add = Callable[[str, Callable[[BinaryIO], None]], None]


class Database(ABC):
    """The database of the site, as something to be copied."""

    @abstractmethod
    def dump(self, add: Add) -> dict:
        """Adds members below `database/`; what the manifest says of it, with `tables` among it."""

    @abstractmethod
    @contextmanager
    def restoring(self, about: dict) -> Iterator[Callable[[str, BinaryIO], None]]:
        """Gives what takes each member; all of it counts when the block ends, or nothing.

        `about` is what the manifest says of it.
        """

    @abstractmethod
    def tables(self) -> dict[str, Rows]:
        """Each table as it is now."""


def database() -> Database:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()


def migrations() -> list[list[str]]:
    """[[app, name], …] of what was applied, in order of their names."""
    recorder = MigrationRecorder(connection)
    return sorted([app, name] for app, name in recorder.applied_migrations())


def refuse_newer(applied: list[list[str]]) -> None:
    """Raises `BackupFailed` if this release lacks migrations that a backup has."""
    found = MigrationLoader(None).disk_migrations
    known = set(found) | {replaced for migration in found.values() for replaced in migration.replaces}
    # Apps that were taken out long ago leave their rows behind.
    apps = {app for app, _name in known}
    unknown = [f"{app} {name}" for app, name in applied if app in apps and (app, name) not in known]
    if unknown:
        raise BackupFailed(
            f"The backup comes from a newer release, with {unknown[0]}: restore it with that release."
        )


# SQLite ---------------------------------------------------------------------------------------------------


class SQLite(Database):
    MEMBER = "database/site.sqlite3"

    def dump(self, add):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "site.sqlite3"
            with closing(sqlite3.connect(path)) as copy:
                connection.ensure_connection()
                connection.connection.backup(copy)
                # One file, whatever the original's journal is.
                copy.execute("PRAGMA journal_mode=DELETE")
                check(copy)
                tables = tables_of(copy)

            def write(file):
                with path.open("rb") as source:
                    shutil.copyfileobj(source, file)

            add(self.MEMBER, write)
        return {"kind": "sqlite", "tables": {name: rows.as_json() for name, rows in tables.items()}}

    @contextmanager
    def restoring(self, about):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "site.sqlite3"

            def take(name: str, file: BinaryIO) -> None:
                with path.open("wb") as target:
                    shutil.copyfileobj(file, target)

            yield take
            with closing(sqlite3.connect(path)) as source:
                check(source)
                connection.close()
                connection.ensure_connection()
                source.backup(connection.connection)
            connection.close()

    def tables(self):
        connection.ensure_connection()
        return tables_of(connection.connection)


def check(file: sqlite3.Connection) -> None:
    answer = file.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise BackupFailed(f"The database is damaged ({answer}): restore an earlier backup.")


def tables_of(file: sqlite3.Connection) -> dict[str, Rows]:
    cursor = file.cursor()
    # Django's connection gives dates and the like their types; here they are compared as they are stored.
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    found = {}
    for name in [row[0] for row in cursor.fetchall()]:
        columns = [row[1] for row in cursor.execute(f'PRAGMA table_info("{name}")').fetchall()]
        quoted = " || '|' || ".join(f'quote("{column}")' for column in columns)
        found[name] = rows_of(
            # The names are those of the database itself.
            row[0].encode()
            for row in cursor.execute(f'SELECT {quoted} FROM "{name}" ORDER BY 1')  # noqa: S608
        )
    return found


def rows_of(lines: Iterator[bytes]) -> Rows:
    digest, number = hashlib.sha256(), 0
    for line in lines:
        digest.update(line + b"\n")
        number += 1
    return Rows(number, digest.hexdigest())


# PostgreSQL -----------------------------------------------------------------------------------------------


class PostgreSQL(Database):
    """Its tables as COPY writes them: no program of PostgreSQL's need be installed, nor be of its version.

    The tables themselves come from the migrations.
    """

    FOLDER = "database/tables/"

    def dump(self, add):
        with self.at_one_moment() as cursor:
            found = {}
            for name in names(cursor):

                def write(file, name=name):
                    found[name] = copied(cursor, name, file)

                add(f"{self.FOLDER}{name}", write)
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
            )
            sequences = dict(cursor.fetchall())
        return {
            "kind": "postgresql",
            "tables": {name: rows.as_json() for name, rows in found.items()},
            "sequences": sequences,
        }

    @contextmanager
    def restoring(self, about):
        applied = [tuple(one) for one in about["migrations"]]
        if not names_or_nothing():
            # As it was when the backup was made; what came later is applied afterwards.
            executor = MigrationExecutor(connection)
            graph = executor.loader.graph
            wanted = {node for node in applied if node in graph.nodes}
            followed = {
                parent.key
                for node in wanted
                for parent in graph.node_map[node].parents
                if parent.key[0] == node[0]
            }
            executor.migrate(sorted(wanted - followed))
        elif sorted(map(tuple, migrations())) != sorted(applied):
            raise BackupFailed(
                "The tables here are of another release than the backup's: restore it into an empty database."
            )
        with transaction.atomic(), connection.cursor() as wrapped:
            cursor = wrapped.cursor
            for statement in SESSION:
                cursor.execute(statement)
            here = names(cursor)
            missing = sorted(set(about["tables"]) - set(here))
            if missing:
                raise BackupFailed(f"The table {missing[0]} of the backup does not exist here.")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"TRUNCATE {', '.join(map(quoted, here))} RESTART IDENTITY CASCADE")

            def take(name: str, file: BinaryIO) -> None:
                table = name.removeprefix(self.FOLDER)
                listed = ", ".join(map(quoted, columns(cursor, table)))
                cursor.copy_expert(f"COPY {quoted(table)} ({listed}) FROM STDIN", file)

            yield take
            for name, value in about["sequences"].items():
                if value is not None:
                    cursor.execute("SELECT setval(%s, %s)", [name, value])

    def tables(self):
        with self.at_one_moment() as cursor:
            return {name: copied(cursor, name) for name in names(cursor)}

    @contextmanager
    def at_one_moment(self) -> Iterator[Any]:
        """A cursor of psycopg's own, in a transaction that sees nothing of what others do meanwhile."""
        if connection.in_atomic_block:
            raise BackupFailed("A backup can't be made in the middle of a transaction.")
        with transaction.atomic(), connection.cursor() as wrapped:
            cursor = wrapped.cursor
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for statement in SESSION:
                cursor.execute(statement)
            yield cursor


class Sink:
    """What COPY writes: digested, its rows counted, and passed on if there is a file."""

    def __init__(self, file: BinaryIO | None):
        self.file, self.digest, self.rows = file, Digest(), 0

    def write(self, part: bytes) -> None:
        self.digest.add(part)
        # A line break within a value is written as \n.
        self.rows += part.count(b"\n")
        if self.file is not None:
            self.file.write(part)


def copied(cursor, table: str, file: BinaryIO | None = None) -> Rows:
    """What a table holds; written to a file, if there is one."""
    sink = Sink(file)
    cursor.copy_expert(f"COPY ({selection(cursor, table)}) TO STDOUT", sink)
    return Rows(sink.rows, sink.digest.sha256)


def names(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [row[0] for row in cursor.fetchall()]


def names_or_nothing() -> list[str]:
    with connection.cursor() as wrapped:
        return names(wrapped.cursor)


def columns(cursor, table: str) -> list[str]:
    """Those that are stored; the others are computed from them."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def selection(cursor, table: str) -> str:
    """All rows of a table, in an order that does not depend on where they lie."""
    listed = ", ".join(map(quoted, columns(cursor, table)))
    cursor.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) "
        "WHERE indrelid = %s::regclass AND indisprimary ORDER BY attnum",
        [quoted(table)],
    )
    key = ", ".join(quoted(row[0]) for row in cursor.fetchall())
    # The names are those of the database itself.
    return f"SELECT {listed} FROM {quoted(table)} ORDER BY {key or listed}"  # noqa: S608


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
