"""An address to listen on, as `HOST:PORT`."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from dataclasses import dataclass

from media.errors import InvalidInput

_MAX_PORT = 65_535
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen.

    Attributes:
        host: Name or IP address, without brackets.
        port: 0 to 65535; 0 picks a free one.
    """

    host: str
    port: int

    @classmethod
    def parse(cls, text: str, field: str) -> Address:
        """Read `HOST:PORT` or `[IPv6]:PORT`.

        Args:
            text: The address.
            field: Name of the setting, for the error.

        Raises:
            InvalidInput: When it is something else.
        """
        host, colon, port = text.rpartition(":")
        bracketed = host.startswith("[") and host.endswith("]")
        host = host[1:-1] if bracketed else host
        number = (
            int(port) if port.isascii() and port.isdigit() and len(port) <= len("65535") else -1
        )
        if not colon or not host or (":" in host) != bracketed or not 0 <= number <= _MAX_PORT:
            raise InvalidInput(f"{field} is HOST:PORT", field=field, actual=text[:64])
        return cls(host, number)

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        if self.host == "localhost":
            return True
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False
