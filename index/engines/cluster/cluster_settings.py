"""How a cluster is reached and laid out, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from ...errors import EngineUnavailable

_PREFIX = "TIMBAO_OPENSEARCH_"
_YES, _NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """Each field is the environment variable TIMBAO_OPENSEARCH_ plus its name in capitals."""

    tls: bool = False
    """Whether nodes are asked over TLS; a certificate file implies it."""
    ca: str = ""
    """A file of certificates to trust instead of the system's."""
    user: str = ""
    password: str = ""
    api_key: str = ""
    """Instead of user and password."""
    timeout: int = 30
    """Seconds to wait for an answer."""
    shards: int = 1
    """Of a new index; what is there keeps its number until it is reindexed."""
    replicas: int = 1
    """Copies of each shard beside the first, of a new index."""

    @classmethod
    def from_env(cls, address: str, environ: Mapping[str, str] = os.environ) -> "ClusterSettings":
        """The settings that the environment asks for; raises EngineUnavailable for odd ones."""

        def text(name: str) -> str:
            return environ.get(_PREFIX + name, "").strip()

        def number(name: str, default: int, least: int) -> int:
            value = text(name)
            if not value:
                return default
            if not (value.isascii() and value.isdecimal() and least <= int(value) <= 1024):
                reason = f"{_PREFIX}{name} must be a number from {least} to 1024"
                raise EngineUnavailable(address, reason)
            return int(value)

        tls = text("TLS").lower()
        if tls not in _YES | _NO:
            raise EngineUnavailable(address, f"{_PREFIX}TLS must be 1 or 0")
        if bool(text("USER")) != bool(text("PASSWORD")):
            raise EngineUnavailable(address, f"{_PREFIX}USER and {_PREFIX}PASSWORD go together")
        return cls(
            tls=tls in _YES or bool(text("CA")),
            ca=text("CA"),
            user=text("USER"),
            password=text("PASSWORD"),
            api_key=text("API_KEY"),
            timeout=number("TIMEOUT", 30, 1),
            shards=number("SHARDS", 1, 1),
            replicas=number("REPLICAS", 1, 0),
        )


CLUSTER_SETTINGS = tuple(_PREFIX + field.name.upper() for field in fields(ClusterSettings))
"""The names of all variables that say how a cluster is reached."""
