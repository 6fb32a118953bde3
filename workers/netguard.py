"""Which addresses a webhook may go to. Against server-side request forgery (OWASP SSRF; CWE-918)."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import httpx

from quod.core.errors import InputError

__all__ = ["Target", "check_url", "resolve_public"]


@dataclass(frozen=True)
class Target:
    """Where to connect: the URL with the address in place of the name, and the name."""

    url: str
    host: str
    host_header: str


def _refused(message: str) -> InputError:
    return InputError(message, code="input.webhook")


def check_url(url: str, *, allow_private: bool) -> httpx.URL:
    """A webhook's URL, read strictly; names are not looked up. Raises InputError."""
    if len(url) > 2000 or any(ord(c) <= 32 or ord(c) == 127 for c in url):
        raise _refused("a webhook URL has at most 2000 characters and no spaces or control characters")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise _refused("the webhook URL cannot be read") from None
    if parsed.scheme != "https" and not (parsed.scheme == "http" and allow_private):
        raise _refused("a webhook URL begins with https://")
    if not parsed.host or parsed.userinfo:
        raise _refused("a webhook URL has a host and no user name")
    if not allow_private and parsed.port not in (None, 443, 8443):
        raise _refused("a webhook goes to port 443 or 8443")
    try:
        address = ipaddress.ip_address(parsed.host)
    except ValueError:
        if not allow_private and (parsed.host.replace(".", "").isdigit() or "." not in parsed.host):
            raise _refused("a webhook goes to a full host name") from None
    else:
        if not allow_private and not _is_public(address):
            raise _refused("a webhook does not go to a private address")
    return parsed


def resolve_public(url: str, *, allow_private: bool) -> Target:
    """Look the host up, refuse unless every address is public, and pin the first. Raises InputError or OSError."""
    parsed = check_url(url, allow_private=allow_private)
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    found = socket.getaddrinfo(parsed.host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    if not addresses:
        raise OSError("the host has no address")
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise _refused("the webhook's host has a private address")
    pinned = parsed.copy_with(host=str(addresses[0]))
    return Target(url=str(pinned), host=parsed.host, host_header=parsed.netloc.decode())


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return _is_public(inner)
        if address in ipaddress.ip_network("64:ff9b::/96"):  # NAT64: an IPv4 address in its last 32 bits
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast
