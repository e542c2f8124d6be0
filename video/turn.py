"""Short-lived credentials for a TURN server that shares a secret with the hub (coturn's `use-auth-secret`).

Nobody is registered there: the user name says until when it holds and for whom, the password is its HMAC.

References
----------
draft-uberti-behave-turn-rest-00, 2.2; RFC 8656 (TURN) and RFC 7065 (its URLs).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=10)
_URL = re.compile(r"turns?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(\?transport=(udp|tcp))?")


class BadTurnUrl(ValueError):
    """What stands in a setting is no URL of a TURN server; the text names it."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """What a browser's RTCPeerConnection is told of a TURN server (W3C RTCIceServer)."""

    urls: tuple[str, ...]
    username: str
    credential: str = field(repr=False)


def turn_urls(text: str) -> tuple[str, ...]:
    """Return the URLs of a setting: separated by commas or spaces, `turn:host:3478?transport=udp`.

    Raises
    ------
    BadTurnUrl
        When one of them is no URL of RFC 7065; it is named.
    """
    urls = tuple(re.split(r"[,\s]+", text.strip())) if text.strip() else ()
    for url in urls:
        if _URL.fullmatch(url) is None:
            raise BadTurnUrl(url)
    return urls


def ice_servers(urls: Sequence[str], secret: str, *, user: str, now: datetime) -> tuple[IceServer, ...]:
    """Return what somebody may use for ten minutes; nothing where no TURN server or no secret is set.

    A relay that stands is refreshed with the credentials it was made with; a new one, and whoever comes again, takes
    new ones.

    Parameters
    ----------
    user
        Whom the server counts relays for: a seat's id, and nothing that names a person. What cannot stand in a
        user name (a colon parts it from the time) is replaced.
    now
        Aware.
    """
    if not urls or not secret:
        return ()
    username = f"{int((now + LIFETIME).timestamp())}:{re.sub(r'[^A-Za-z0-9._-]', '-', user)}"
    return (IceServer(tuple(urls), username, credential_of(username, secret)),)


def credential_of(username: str, secret: str) -> str:
    """Return the password of a user name: base64 of its HMAC-SHA1 under the shared secret, as the draft has it."""
    return base64.b64encode(hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()).decode()
