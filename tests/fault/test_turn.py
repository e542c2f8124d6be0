"""C08: a relay under our configuration reaches nothing that is reserved, and serves nobody but whom the hub sent.

Asked of a real coturn (Debian's 4.6.1) with `config/coturn.conf` as it is published; only ports and secret are ours.
"""

import asyncio
import contextlib
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from aioice import turn
from typing_extensions import override

from tests.servers.turn_client import Coturn, TurnClient, own_address, running_coturn
from video.turn import ice_servers

REFUSED, QUOTA, UNKNOWN = 403, 486, 401
RELAY = ("relay-ip=127.0.0.1", "relay-ip=::1")
RESERVED = (
    "0.0.0.0", "10.0.0.1", "10.255.255.254", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.254", "192.0.0.8", "192.168.0.1", "192.168.255.254", "198.18.0.1", "198.51.100.7", "203.0.113.7",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
RESERVED_V6 = (
    "::", "::1", "::5", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:192.168.1.1",
    "::ffff:169.254.169.254", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00::2", "fd12:3456:789a::1",
    "fe80::1", "febf:ffff::1", "fec0::1", "ff02::1", "ff05::2",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "8.8.8.8", "114.114.114.114", "172.15.255.254", "172.32.0.1", "223.5.5.5")
PUBLIC_V6 = ("2001:200::1", "2400:3200::1", "240e::1", "2606:4700::1111")
ATTEMPTS = 5_000


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    """Give a relay on the loopback, in both families where the machine has them."""
    with running_coturn(tmp_path_factory.mktemp("coturn"), *RELAY) as running:
        yield running


def named(relay: Coturn, user: str, *, ago: timedelta = timedelta(), secret: str = "") -> tuple[str, str]:
    """Return name and password as the hub would have given them that long ago."""
    now = datetime.now(UTC) - ago
    (server,) = ice_servers(("turn:127.0.0.1",), secret or relay.secret, user=user, now=now)
    return server.username, server.credential


@contextlib.contextmanager
def allocated(relay: Coturn, user: str, *, v6: bool = False) -> Iterator[TurnClient]:
    """Give a client that has a relay."""
    with TurnClient(relay.port, *named(relay, user)) as client:
        code = client.allocate(v6=v6)
        if v6 and code:
            pytest.skip(f"no relay in IPv6 on this machine ({code})")
        assert code == 0
        yield client
        client.release()


def test_no_reserved_address_is_reached_by_a_permission_or_a_channel(relay: Coturn) -> None:
    with allocated(relay, "reserved") as client:
        reached = [peer for peer in RESERVED if (client.permits(peer), client.binds(peer)) != (REFUSED, REFUSED)]
        assert reached == []
        assert [peer for peer in PUBLIC if client.permits(peer) != 0] == [], "the rest of the world is reached"


def test_no_reserved_address_is_reached_in_ipv6_and_none_that_wraps_one_of_ipv4(relay: Coturn) -> None:
    with allocated(relay, "reserved6", v6=True) as client:
        reached = [peer for peer in RESERVED_V6 if (client.permits(peer), client.binds(peer)) != (REFUSED, REFUSED)]
        assert reached == []
        assert [peer for peer in PUBLIC_V6 if client.permits(peer) != 0] == []


def test_nothing_that_is_sent_without_leave_arrives_on_the_machine_itself(relay: Coturn) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inside, allocated(relay, "sender") as client:
        inside.bind(("127.0.0.1", 0))
        inside.settimeout(0.5)
        for peer in ("127.0.0.1", "0.0.0.0"):
            client.sends(peer, inside.getsockname()[1], b"let me in")
        with pytest.raises(TimeoutError):
            inside.recv(100)


@pytest.mark.parametrize("whose", ["nobody's", "old", "of another secret", "another's", "lengthened", "without a time"])
def test_only_whom_the_hub_sent_within_ten_minutes_is_served(relay: Coturn, whose: str) -> None:
    seat = whose.replace(" ", "-").replace("'", "")
    name, password = named(relay, seat)
    shown = {
        "nobody's": ("", ""),
        "old": named(relay, seat, ago=timedelta(minutes=10, seconds=5)),
        "of another secret": named(relay, seat, secret="guessed"),
        "another's": (name.replace(seat, "somebody"), password),
        "lengthened": (f"9{name}", password),
        "without a time": (seat, password),
    }
    with TurnClient(relay.port, *shown[whose]) as client:
        assert client.allocate() == UNKNOWN
    with TurnClient(relay.port, name, password) as client:
        assert (client.allocate(), client.release()) == (0, 0), "the twin of what is refused"


def test_five_thousand_tries_get_one_seat_ten_relays_and_take_none_from_another(tmp_path: Path) -> None:
    """Each try from an address and with credentials of its own: a seat is counted, neither a name nor where it is."""
    codes: Counter[int] = Counter()
    with running_coturn(tmp_path, *RELAY) as relay, contextlib.ExitStack() as kept:
        for attempt in range(ATTEMPTS):
            who = named(relay, "greedy", ago=timedelta(seconds=attempt % 500))
            client = TurnClient(relay.port, *who, source=f"127.1.{attempt // 250}.{attempt % 250 + 1}")
            with contextlib.ExitStack() as once:
                once.enter_context(client)
                code = client.allocate()
                codes[code] += 1
                if code == 0:
                    kept.push(once.pop_all())
        assert codes == {0: 10, QUOTA: ATTEMPTS - 10}
        with allocated(relay, "patient"):
            pass


class _Echo(asyncio.DatagramProtocol):
    """Sends back what came, to whom it came from."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.transport.sendto(data, addr)


class _Heard(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.put_nowait(data)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_aiortcs_client_reaches_the_media_worker_that_is_named_and_no_neighbour(
    tmp_path: Path, transport: str
) -> None:
    here = own_address()
    if here is None:
        pytest.skip("this machine has no address but its loopback, which a relay never reaches")
    with running_coturn(tmp_path, f"relay-ip={here}", f"allowed-peer-ip={here}") as relay:
        loop = asyncio.get_running_loop()
        worker, _ = await loop.create_datagram_endpoint(_Echo, local_addr=(here, 0))
        name, password = named(relay, "seat-1")
        way, client = await turn.create_turn_endpoint(
            _Heard, ("127.0.0.1", relay.port), username=name, password=password, transport=transport
        )
        way.sendto(b"a face", worker.get_extra_info("sockname"))
        assert await asyncio.wait_for(client.heard.get(), 5) == b"a face"
        way.close()
        worker.close()
        with allocated(relay, "neighbour") as curious:
            assert [curious.permits(peer) for peer in ("127.0.0.1", "10.0.0.1", "192.168.1.1")] == [REFUSED] * 3
        await asyncio.sleep(0.1)  # the client gives its relay back


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")  # that old it is: it is asked for to be refused
def test_tls_is_spoken_from_1_2_on(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=turn.test", "-keyout",
         key, "-out", cert],
        check=False, capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr.decode()
    with running_coturn(tmp_path, cert=cert, key=key) as relay:
        assert _speaks(relay.tls_port, ssl.TLSVersion.TLSv1_2) in {"TLSv1.2", "TLSv1.3"}
        for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with pytest.raises((ssl.SSLError, OSError)):
                _speaks(relay.tls_port, ssl.TLSVersion.TLSv1, most=old)


def _speaks(port: int, least: ssl.TLSVersion, most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")  # so that an old version is refused by the server and not by us
    context.minimum_version, context.maximum_version = least, most
    with socket.create_connection(("127.0.0.1", port), 5) as plain, context.wrap_socket(plain) as line:
        return line.version()
