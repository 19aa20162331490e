"""Addresses of clusters: opensearch://host:9200,host2:9200/news."""

import re
from dataclasses import dataclass

from ...errors import EngineUnavailable

SCHEME = "opensearch://"
_DEFAULT_PORT = 9200
_ADDRESS = re.compile(
    r"opensearch://(?P<hosts>[^/@]+)/(?P<name>[a-z0-9][a-z0-9_.-]{0,99})/?", re.ASCII
)
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^\s:\[\]]+)(?::(?P<port>\d{1,5}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """The nodes to ask, and the name that an archive's indexes begin with."""

    hosts: tuple[tuple[str, int], ...]
    name: str

    @classmethod
    def parse(cls, address: str) -> "ClusterAddress":
        """The parts of an address; raises EngineUnavailable where it is none.

        User and password come from the environment: an address is printed and logged.
        """
        match = _ADDRESS.fullmatch(address)
        hosts = [_HOST.fullmatch(host) for host in match["hosts"].split(",")] if match else []
        if match is None or not all(hosts):
            shown = re.sub(r"//[^/@]*@", "//…@", address)
            reason = "an address looks like opensearch://HOST:9200,HOST2:9200/NAME, without a user"
            raise EngineUnavailable(shown, f"{reason}; NAME is in lower case")
        return cls(
            tuple((host["host"], int(host["port"] or _DEFAULT_PORT)) for host in hosts if host),
            match["name"],
        )

    def __str__(self) -> str:
        hosts = ",".join(f"{host}:{port}" for host, port in self.hosts)
        return f"{SCHEME}{hosts}/{self.name}"
