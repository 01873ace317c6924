"""Requests that the site itself sends to addresses which somebody typed: never to a door of its own house.

A name is resolved once, every address it has is looked at, and the connection goes to the very address that was
looked at: a name server that answers differently a moment later changes nothing. No redirect is followed.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT = 10  # seconds for each step
AT_MOST = 25  # seconds in all; well within the outbox's lease
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address behind a gateway


class Forbidden(Exception):
    """An address to which nothing is sent; says why, in English, for the log and the message's row."""


def allowed_url(address: str) -> SplitResult:
    """Return the parts of an address that messages may be sent to; its name is not looked up yet.

    ``https`` on its own port. Hosts in ``settings.HOOK_HOSTS`` (BIHUAN_HOOK_HOSTS) may be reached by any port, by
    ``http`` and at private addresses: a place that runs the other system in its own house names it there.

    Raises:
        Forbidden: for any other address.
    """
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError as error:
        raise Forbidden("not a well-formed address") from error
    if not url.hostname or "@" in url.netloc or not address.isascii() or any(sign <= " " for sign in address):
        raise Forbidden("not a plain address")
    if url.hostname in settings.HOOK_HOSTS and url.scheme in {"http", "https"}:
        return url
    if url.scheme != "https" or port not in {None, 443}:
        raise Forbidden("an https address on port 443 is needed")
    return url


def address_of(host: str, port: int) -> str:
    """Return the address of a host to connect to.

    Raises:
        Forbidden: it is no name, or any of its addresses is not on the public internet. OSError: it has none.
    """
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:  # a label that is empty, or too long: no name server is asked
        raise Forbidden(f"{host[:60]} is no host name") from error
    if host not in settings.HOOK_HOSTS and (closed := [one for one in found if not is_public(one)]):
        raise Forbidden(f"{host} is {closed[0]}, an address of a private network")
    return found[0]


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, through no tunnel or translation."""
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(one, ipaddress.IPv6Address):
        if one.ipv4_mapped is not None:
            return is_public(str(one.ipv4_mapped))
        if one.sixtofour is not None or one.teredo is not None or one in _TRANSLATED:
            return False
    return one.is_global and not one.is_multicast


class _Pinned(HTTPSConnection):
    """A TLS connection to one address, whose certificate must be the host's."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Connect to the address that was looked at."""
        plain = socket.create_connection((self._address, self.port), TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


class _PinnedPlain(HTTPConnection):
    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._address = address

    def connect(self) -> None:
        """Connect to the address that was looked at."""
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """POST a body and return the status of the answer, whose content is not read.

    Raises:
        Forbidden: nothing may be sent there. OSError, RuntimeError: nobody answered, or not in time.
    """
    url = allowed_url(address)
    assert url.hostname  # noqa: S101 - for the type checker
    port = url.port or (443 if url.scheme == "https" else 80)
    at = address_of(url.hostname, port)
    connection = (_Pinned if url.scheme == "https" else _PinnedPlain)(url.hostname, port, at)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    late = Timer(AT_MOST, lambda: connection.sock and connection.sock.shutdown(socket.SHUT_RDWR))
    late.daemon = True
    late.start()
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except HTTPException as error:
        raise RuntimeError(f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        late.cancel()
        connection.close()
