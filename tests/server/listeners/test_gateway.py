"""The listener on a loopback port: what is durable before it is acknowledged, and what a peer can do to it."""

import asyncio
import errno
import hashlib
import os
import ssl
import struct
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dicom import errors
from dicom.model import Via
from dicom.network import pdu
from dicom.network.dimse import Command, Element, encode_command
from dicom.network.events import Limits
from dicom.network.part10 import read_head
from dicom.network.pdu import AssociateRQ, ProposedContext
from server.listeners.gateway import Gateway, GatewayOptions, serve_gateway
from server.listeners.scu import DeliveryFailed, Destination, echo, send
from tests.builders.dicom_objects import image_part10
from tests.server.listeners.gateway_doubles import FolderStore, RecordingIntake, Running, authorize, running_gateway

CT, EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"
REQUEST = pdu.encode_associate_rq(AssociateRQ("LUTONG", "T01", (ProposedContext(1, CT, (EXPLICIT,)),)))


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with running_gateway(tmp_path / "staged") as gateway:
        yield gateway


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    path = tmp_path / "ct.dcm"
    path.write_bytes(image_part10())
    return path


def at(running: Running, **changes: object) -> Destination:
    return replace(Destination("127.0.0.1", running.port, "LUTONG", "T01", patience=10), **changes)  # type: ignore[arg-type]


async def until(condition: "asyncio.Event | None" = None, *, check: object = None) -> None:
    async with asyncio.timeout(5):
        if condition is not None:
            await condition.wait()
        while callable(check) and not check():
            await asyncio.sleep(0.01)


class Wire:
    """A peer of bare bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def pdu(self) -> tuple[int, bytes]:
        async with asyncio.timeout(5):
            kind, length = pdu.HEADER.unpack(await self.reader.readexactly(6))
            return kind, await self.reader.readexactly(length)

    async def closed(self) -> bytes:
        async with asyncio.timeout(5):
            return await self.reader.read(-1)

    def close(self) -> None:
        self.writer.close()


async def dial(running: Running, *, associate: bool = True) -> Wire:
    wire = Wire(*await asyncio.open_connection("127.0.0.1", running.port))
    if associate:
        wire.writer.write(REQUEST)
        assert (await wire.pdu())[0] == 2
    return wire


def store_command(uid: str = "1.2.3") -> bytes:
    raw = encode_command(
        {
            Element.AffectedSOPClassUID: CT,
            Element.CommandField: Command.C_STORE_RQ,
            Element.MessageID: 1,
            Element.Priority: 0,
            Element.CommandDataSetType: 1,
            Element.AffectedSOPInstanceUID: uid,
        }
    )
    return pdu.encode_data_header(1, len(raw), command=True, last=True) + raw


def data_pdu(data: bytes, *, last: bool) -> bytes:
    return pdu.encode_data_header(1, len(data), command=False, last=last) + data


def status_of(body: bytes) -> int:
    return int(struct.unpack("<H", body[body.index(b"\0\0\0\x09\2\0\0\0") + 8 :][:2])[0])


async def test_an_echo_from_a_registered_ae_is_answered(running: Running) -> None:
    await echo(at(running))
    assert running.gateway.metrics()["echoes"] == 1


@pytest.mark.parametrize(("change", "reason"), [({"calling_ae_title": "X"}, "1/1/3"), ({"ae_title": "X"}, "1/1/7")])
async def test_strangers_and_wrong_numbers_are_rejected(running: Running, change: dict[str, str], reason: str) -> None:
    with pytest.raises(DeliveryFailed, match=reason) as failure:
        await echo(at(running, **change))
    assert not failure.value.transient


async def test_an_object_arrives_bit_for_bit_with_its_digest_and_its_sender(running: Running, ct: Path) -> None:
    (outcome,) = await send(at(running), [ct])
    assert outcome.stored
    (received,) = running.intake.received
    original, stored = ct.read_bytes(), running.stored()
    data = original[read_head(original).dataset_offset :]
    assert stored[received.dataset_offset :] == data
    assert received.size == len(stored)
    assert received.digest == hashlib.sha256(data).hexdigest()
    assert (received.via, received.sender.ae_title) == (Via.C_STORE, "T01")
    assert received.sop_instance_uid == outcome.sop_instance_uid


async def test_a_large_object_streams_through_in_batches(running: Running, tmp_path: Path) -> None:
    big = tmp_path / "big.dcm"
    head = image_part10()
    big.write_bytes(head + b"\x42\x00\x11\x00OB\0\0" + struct.pack("<I", 30_000_000) + os.urandom(30_000_000))
    (outcome,) = await send(at(running), [big])
    assert outcome.stored
    offset = running.intake.received[0].dataset_offset
    assert running.stored()[offset:] == big.read_bytes()[read_head(head).dataset_offset :]


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (errors.Unreadable(), 0xC000, "DICOM_INVALID"),
        (errors.UidConflict(), 0xB000, "UID_CONFLICT"),
        (errors.NotPermitted(), 0x0124, "NOT_PERMITTED"),
        (errors.StorageFull(), 0xA700, "STORAGE_FULL"),
        (OSError(errno.ENOSPC, "full"), 0xA700, "OSError"),
        (RuntimeError("database away"), 0x0110, "RuntimeError"),
    ],
)
async def test_what_intake_refuses_the_sender_hears(
    running: Running, ct: Path, refusal: Exception, status: int, code: str
) -> None:
    running.intake.refusal = refusal
    (outcome,) = await send(at(running), [ct])
    assert (outcome.status, outcome.comment) == (status, code)
    running.intake.refusal = None
    (again,) = await send(at(running), [ct])
    assert again.status == 0


async def test_nothing_is_acknowledged_before_intake_returns(running: Running, ct: Path) -> None:
    running.intake.gate.clear()
    sending = asyncio.create_task(send(at(running), [ct]))
    await until(running.intake.entered)
    await asyncio.sleep(0.1)
    assert not sending.done()
    running.intake.gate.set()
    assert (await sending)[0].stored


@pytest.mark.parametrize("size", [10_000, 5_000_000])
async def test_a_full_disk_is_told_and_leaves_nothing(running: Running, tmp_path: Path, size: int) -> None:
    running.store.device = "/dev/full"
    big = tmp_path / "big.dcm"
    big.write_bytes(image_part10() + bytes(size))
    (outcome,) = await send(at(running), [big])
    assert outcome.status == 0xA700
    await until(check=lambda: running.store.files == [])
    running.store.device = None
    (again,) = await send(at(running), [big])
    assert again.stored


@pytest.mark.parametrize("end", ["close", "abort", "release", "garbage", "reset"])
@pytest.mark.parametrize("size", [100, 3_000_000])
async def test_what_ends_in_the_middle_of_an_object_leaves_nothing(running: Running, end: str, size: int) -> None:
    wire = await dial(running)
    wire.writer.write(store_command())
    for _ in range(-(-size // 100_000)):
        wire.writer.write(data_pdu(bytes(min(size, 100_000)), last=False))
    await wire.writer.drain()
    await asyncio.sleep(0.1)
    last_words = {"abort": pdu.encode_abort(pdu.Abort(0, 0)), "release": pdu.RELEASE_RQ, "garbage": b"\xff" * 100}
    wire.writer.write(last_words.get(end, b""))
    if end == "reset":
        wire.writer.transport.abort()
    await asyncio.sleep(0.05)
    wire.close()
    await until(check=lambda: running.gateway.metrics()["connections"] == 0)
    await until(check=lambda: running.store.files == [])
    assert running.intake.received == []


async def test_an_object_that_was_complete_is_taken_in_even_if_the_peer_does_not_wait(running: Running) -> None:
    running.intake.gate.clear()
    wire = await dial(running)
    wire.writer.write(store_command() + data_pdu(b"data", last=True))
    await until(running.intake.entered)
    wire.writer.transport.abort()
    await asyncio.sleep(0.05)
    running.intake.gate.set()
    await until(check=lambda: len(running.intake.received) == 1)
    await until(check=lambda: running.gateway.metrics()["connections"] == 0)


async def test_a_peer_that_does_not_wait_for_answers_is_served_in_order(running: Running) -> None:
    wire = await dial(running)
    sizes = [1, 70_000, 3, 300_000, 2_500_000, 5]
    for number, size in enumerate(sizes):
        data = bytes([number]) * size
        parts = [data[i : i + 100_000] for i in range(0, size, 100_000)]
        wire.writer.write(store_command(f"1.2.{number}"))
        wire.writer.writelines(data_pdu(part, last=i == len(parts) - 1) for i, part in enumerate(parts))
    wire.writer.write(pdu.RELEASE_RQ)
    assert [status_of((await wire.pdu())[1]) for _ in sizes] == [0] * len(sizes)
    assert (await wire.pdu())[0] == 6
    for number, size in enumerate(sizes):
        offset = running.intake.received[number].dataset_offset
        assert running.stored(number)[offset:] == bytes([number]) * size
    wire.close()


async def test_hostile_uids_never_reach_the_disk(running: Running) -> None:
    wire = await dial(running)
    wire.writer.write(store_command("../../../tmp/evil") + data_pdu(b"data", last=True))
    assert status_of((await wire.pdu())[1]) == 0xA900
    assert running.store.files == []
    wire.close()


async def test_four_gigabytes_declared_are_answered_by_an_abort(running: Running) -> None:
    wire = await dial(running, associate=False)
    wire.writer.write(b"\1\0\xff\xff\xff\xff")
    assert (await wire.pdu())[0] == 7
    wire.close()


async def test_of_too_many_connections_that_ask_for_nothing_the_oldest_go(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "staged", max_waiting_per_ip=20) as running:
        idle = [await dial(running, associate=False) for _ in range(60)]
        await echo(at(running))
        assert await idle[0].closed() == b""
        await until(check=lambda: running.gateway.metrics()["connections"] <= 20)
        for wire in idle:
            wire.close()


async def test_the_limit_counts_only_those_who_were_let_in(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "staged", max_associations=2) as running:
        bare = [await dial(running, associate=False) for _ in range(5)]
        two = [await dial(running) for _ in range(2)]
        with pytest.raises(DeliveryFailed, match="2/3/2") as failure:
            await echo(at(running))
        assert failure.value.transient
        two[0].close()
        await until(check=lambda: running.gateway.metrics()["associations"] == 1)
        await echo(at(running))
        for wire in [*bare, *two]:
            wire.close()


async def test_a_peer_that_falls_silent_loses_its_slot(tmp_path: Path) -> None:
    limits = Limits(artim=0.3, idle=0.3, pdu=0.3, closing=0.1)
    async with running_gateway(tmp_path / "staged", limits=limits) as running:
        silent, idle, half = [await dial(running, associate=False), await dial(running), await dial(running)]
        half.writer.write(store_command() + data_pdu(bytes(10), last=True)[:-3])
        assert await silent.closed() == b""
        assert (await idle.closed())[:1] == b"\7"
        assert (await half.closed())[:1] == b"\7"
        assert running.store.files == []
        for wire in (silent, idle, half):
            wire.close()


async def test_stopping_lets_the_object_at_hand_finish_and_takes_no_new_one(running: Running, ct: Path) -> None:
    running.intake.gate.clear()
    idle = await dial(running)
    sending = asyncio.create_task(send(at(running), [ct]))
    await until(running.intake.entered)
    stopping = asyncio.create_task(running.gateway.stop())
    assert (await idle.closed())[:1] == b"\7"
    with pytest.raises(DeliveryFailed):
        await echo(at(running))
    running.intake.gate.set()
    outcomes: list[object] = []
    try:
        outcomes += await sending
    except DeliveryFailed:
        outcomes.append("the release was not answered")
    await stopping
    assert len(running.intake.received) == 1
    assert outcomes
    idle.close()


async def test_the_gateway_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    stop, ports = asyncio.Event(), []
    serving = asyncio.create_task(
        serve_gateway(
            GatewayOptions(port=0),
            store=FolderStore(tmp_path),
            intake=RecordingIntake(),
            authorize=authorize,
            ready=lambda _, port: ports.append(port),
            stop=stop,
        )
    )
    await until(check=lambda: ports)
    await echo(Destination("127.0.0.1", ports[0], "LUTONG", "T01"))
    stop.set()
    await serving


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return chain, secret


async def test_objects_come_over_tls_and_plain_bytes_on_that_port_are_turned_away(tmp_path: Path) -> None:
    chain, secret = certificate(tmp_path)
    ours, theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(chain))
    ours.load_cert_chain(chain, secret)
    big = tmp_path / "big.dcm"
    big.write_bytes(image_part10() + bytes(3_000_000))
    async with running_gateway(tmp_path / "staged", tls=ours) as running:
        (outcome,) = await send(at(running, tls=theirs), [big])
        assert outcome.stored
        offset = running.intake.received[0].dataset_offset
        assert running.stored()[offset:] == big.read_bytes()[read_head(big.read_bytes()[:65536]).dataset_offset :]
        with pytest.raises(DeliveryFailed):
            await echo(at(running))


async def test_two_gateways_share_a_port(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "one", reuse_port=True) as one:
        options = GatewayOptions(port=one.port, reuse_port=True)
        store = FolderStore(tmp_path / "one")
        second = Gateway(options, store=store, intake=RecordingIntake(), authorize=authorize)
        assert await second.start() == one.port
        await echo(at(one))
        await second.stop()


async def test_a_register_that_does_not_answer_lets_nobody_in_for_good(tmp_path: Path) -> None:
    async def stuck(calling: str, called: str, ip: str) -> NoReturn:
        await asyncio.Event().wait()
        raise RuntimeError(calling, called, ip)

    options = GatewayOptions(port=0, authorize_timeout=0.1)
    gateway = Gateway(options, store=FolderStore(tmp_path), intake=RecordingIntake(), authorize=stuck)
    port = await gateway.start()
    with pytest.raises(DeliveryFailed, match="2/3/1") as failure:
        await echo(Destination("127.0.0.1", port, "LUTONG", "T01"))
    assert failure.value.transient
    await gateway.stop()
