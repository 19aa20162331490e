"""Keys for programs that ask the API: what each opens, and the file that keeps them."""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from ..private_files import keep_private
from ..settings import ANY_ORIGIN, matches_origin

__all__ = [
    "ADMIN",
    "INGEST",
    "PUBLIC_PREFIX",
    "SCOPES",
    "SECRET_PREFIX",
    "SECRET_SCOPES",
    "USUAL_SCOPES",
    "Key",
    "KeyStore",
    "KeyStoreError",
]

PUBLIC_PREFIX: Final = "pk_"
SECRET_PREFIX: Final = "sk_"  # noqa: S105  # how secret keys begin, not one of them
ADMIN: Final = "admin"
INGEST: Final = "ingest"
#: What only a secret key can be allowed.
SECRET_SCOPES: Final = (INGEST, ADMIN)
#: What a key can be allowed: the names of Endpoint.scope, and ADMIN for what readers never see.
SCOPES: Final = ("search", "suggest", "debug", *SECRET_SCOPES)
USUAL_SCOPES: Final = ("search", "suggest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is kept of a key; the key itself only where it is public, and no secret."""

    id: str
    name: str
    public: bool
    shown: str
    """The whole public key, or the first letters of a secret one."""
    origins: tuple[str, ...]
    scopes: tuple[str, ...]
    created: date
    revoked: date | None = None

    def opens_for(self, origin: str | None) -> bool:
        """Whether a page of that origin (None: no page of another site) may use it."""
        if not self.public or ANY_ORIGIN in self.origins:
            return True
        return origin is not None and matches_origin(origin, self.origins)


_TABLE: Final = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL, public INTEGER NOT NULL,
    shown TEXT NOT NULL, origins TEXT NOT NULL, scopes TEXT NOT NULL,
    created TEXT NOT NULL, revoked TEXT
)
"""
#: The disk may fail when everything is written.
_UNSURE: Final = "; `timbao keys list` says whether the change is made"
#: The file has none where the process that added the first key died.
_HAS_TABLE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'keys'"
_ALL: Final = """
SELECT id, name, public, shown, origins, scopes, created, revoked FROM keys ORDER BY created, id
"""
_FIND: Final = """
SELECT id, name, public, shown, origins, scopes, created, revoked FROM keys
WHERE digest = ? AND revoked IS NULL
"""
_RANDOM_BYTES: Final = 24
_SHOWN_OF_SECRET: Final = 7


class KeyStoreError(Exception):
    """The file of the keys cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"The keys in {self.path} cannot be used ({self.reason}): "
            "check the file and its permissions, or name another with TIMBAO_KEYS."
        )


class KeyStore:
    """Keys that can be found by their text and by nothing else."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def add(
        self, name: str, *, public: bool, origins: Sequence[str], scopes: Sequence[str], on: date
    ) -> tuple[Key, str]:
        """A new key and its text, which nobody can learn from the file if it is secret."""
        text = (PUBLIC_PREFIX if public else SECRET_PREFIX) + secrets.token_urlsafe(_RANDOM_BYTES)
        key = Key(
            id=secrets.token_hex(4),
            name=name,
            public=public,
            shown=text if public else f"{text[:_SHOWN_OF_SECRET]}…",
            origins=tuple(origins),
            scopes=tuple(scopes),
            created=on,
        )
        values = (
            *(key.id, _digest(text), key.name, key.public, key.shown),
            *(" ".join(key.origins), " ".join(key.scopes), key.created.isoformat()),
        )
        with self._database(create=True, hint=_UNSURE) as database, database:
            database.execute(_TABLE)
            database.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", values)
        return key, text

    def find(self, text: str) -> Key | None:
        """The key with this text, unless it was revoked."""
        return next(self._select(_FIND, _digest(text)), None)

    def all(self) -> list[Key]:
        """Every key, revoked ones too, the oldest first."""
        return list(self._select(_ALL))

    def revoke(self, key_id: str, on: date) -> bool:
        """Close a key for good; False where there is none that is open."""
        change = "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL"
        with self._database(create=False, hint=_UNSURE) as database, database:
            if not database.execute(_HAS_TABLE).fetchone():
                return False
            return database.execute(change, (on.isoformat(), key_id)).rowcount > 0

    def _select(self, query: str, *values: str) -> Iterator[Key]:
        with self._database(create=False) as database:
            if not database.execute(_HAS_TABLE).fetchone():
                return
            rows = database.execute(query, values).fetchall()
        for row in rows:
            yield Key(
                id=row[0],
                name=row[1],
                public=bool(row[2]),
                shown=row[3],
                origins=tuple(row[4].split()),
                scopes=tuple(row[5].split()),
                created=date.fromisoformat(row[6]),
                revoked=None if row[7] is None else date.fromisoformat(row[7]),
            )

    @contextmanager
    def _database(self, *, create: bool, hint: str = "") -> Iterator[sqlite3.Connection]:
        """The file; one in memory, without a table, where there is none and none is created."""
        try:
            keep_private(self._path, create=create)
            there = self._path.exists()
            with closing(sqlite3.connect(self._path if there else ":memory:")) as database:
                # As it is by default, a loss of power may take back what was just committed.
                database.execute("PRAGMA synchronous = EXTRA")
                yield database
        except (sqlite3.Error, OSError) as error:
            raise KeyStoreError(self._path, f"{error}{hint}") from error


def _digest(text: str) -> str:
    """A plain hash is enough: keys have 192 random bits, so nobody can guess through them."""
    return hashlib.sha256(text.encode()).hexdigest()
