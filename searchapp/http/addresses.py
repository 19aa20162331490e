"""Addresses of callers."""

import ipaddress
from typing import Final

__all__ = ["is_this_machine", "network_of"]

_IPV6_SITE: Final = 64


def network_of(address: str | None) -> str:
    """The address, or its first half where one caller has many (IPv6); "" where there is none.

    >>> network_of("2001:db8:1:2:3:4:5:6"), network_of("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)


def is_this_machine(address: str | None) -> bool:
    """Whether a request came from the machine that answers it.

    >>> is_this_machine("::1"), is_this_machine("192.0.2.7")
    (True, False)
    """
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        # A socket that has no address is a file of this machine.
        return not address
