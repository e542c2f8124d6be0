"""The gateway and the SCU against programs that are not ours: DCMTK and pynetdicom, in every transfer syntax."""

import asyncio
import contextlib
import io
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pydicom
import pytest
from pynetdicom import AE, evt
from pynetdicom.events import Event

from dicom.network.part10 import FileMeta, read_head
from server.listeners.scu import DeliveryFailed, Destination, echo, send
from tests.builders.dicom_objects import DX, TRANSFER_SYNTAXES, image_part10
from tests.server.listeners.gateway_doubles import Running, running_gateway
from tests.servers.processes import free_port, system_program

pytestmark = pytest.mark.peer


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with running_gateway(tmp_path / "staged") as gateway:
        yield gateway


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """One CT in every transfer syntax that the builders write."""
    made = []
    for number, syntax in enumerate(TRANSFER_SYNTAXES):
        made.append(tmp_path / f"{number}.dcm")
        made[-1].write_bytes(image_part10(transfer_syntax=syntax, study=number + 1))
    return made


@pytest.fixture(scope="session")
def matrix(shared_data: Path) -> list[Path]:
    """The real files of the transfer syntax matrix, fifteen syntaxes of one CT among them."""
    folder = shared_data / "dicom" / "transfer_syntax"
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.read_bytes()[128:132] == b"DICM")


def meta(path: Path) -> FileMeta:
    return read_head(path.read_bytes()[:65536])


def data_set(path: Path) -> bytes:
    return path.read_bytes()[meta(path).dataset_offset :]


async def run(program: Path, *arguments: object) -> str:
    process = await asyncio.create_subprocess_exec(
        program, *map(str, arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    assert process.returncode == 0, out.decode(errors="replace")
    return out.decode(errors="replace")


def assert_all_came_bit_for_bit(running: Running, sent: list[Path]) -> None:
    received = {(r.sop_instance_uid, r.transfer_syntax_uid): i for i, r in enumerate(running.intake.received)}
    for path in sent:
        head = meta(path)
        index = received[head.sop_instance_uid, head.transfer_syntax_uid]
        offset = running.intake.received[index].dataset_offset
        assert running.stored(index)[offset:] == data_set(path), path.name


async def test_our_scu_sends_every_syntax_bit_for_bit(running: Running, files: list[Path]) -> None:
    outcomes = await send(Destination("127.0.0.1", running.port, "LUTONG", "T01"), files)
    assert [outcome.status for outcome in outcomes] == [0] * len(files)
    assert_all_came_bit_for_bit(running, files)


async def test_the_real_files_of_every_syntax_come_bit_for_bit(running: Running, matrix: list[Path]) -> None:
    outcomes = await send(Destination("127.0.0.1", running.port, "LUTONG", "T01"), matrix)
    assert [outcome.path.name for outcome in outcomes if outcome.status != 0] == []
    assert len({meta(path).transfer_syntax_uid for path in matrix}) >= 15
    assert_all_came_bit_for_bit(running, matrix)


async def test_echoscu_of_dcmtk_is_answered(running: Running) -> None:
    echoscu = system_program("echoscu", "dcmtk")
    await run(echoscu, "-aet", "T01", "-aec", "LUTONG", "127.0.0.1", running.port)


async def test_storescu_of_dcmtk_stores_and_an_ordinary_client_does_not_wait_for_delayed_acks(
    running: Running, tmp_path: Path
) -> None:
    storescu = system_program("storescu", "dcmtk")
    path = tmp_path / "ct.dcm"
    path.write_bytes(image_part10())
    began = asyncio.get_running_loop().time()
    await run(storescu, "-aet", "T01", "-aec", "LUTONG", "--repeat", 50, "127.0.0.1", running.port, path)
    assert len(running.intake.received) == 50
    assert asyncio.get_running_loop().time() - began < 50 * 0.040, "40 ms an object is Nagle against delayed ACKs"


async def test_dcmsend_of_dcmtk_stores_in_every_syntax(running: Running, files: list[Path]) -> None:
    dcmsend = system_program("dcmsend", "dcmtk")
    await run(dcmsend, "-aet", "T01", "-aec", "LUTONG", "127.0.0.1", running.port, *files)
    compressed = {meta(path).transfer_syntax_uid for path in files} - set(TRANSFER_SYNTAXES[:3])  # it converts the rest
    assert {r.transfer_syntax_uid for r in running.intake.received} >= compressed
    for index, received in enumerate(running.intake.received):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert pydicom.dcmread(io.BytesIO(running.stored(index))).SOPInstanceUID == received.sop_instance_uid


def pynetdicom_sends(port: int, paths: list[Path]) -> list[int]:
    """Send files as they are, each in an association of its own, and return the statuses."""
    statuses = []
    for path in paths:
        ae = AE("T02")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ds = pydicom.dcmread(path)
            ae.add_requested_context(ds.SOPClassUID, ds.file_meta.TransferSyntaxUID)
            association = ae.associate("127.0.0.1", port, ae_title="LUTONG")
            assert association.is_established
            statuses.append(association.send_c_store(ds).Status)
            association.release()
    return statuses


async def test_pynetdicom_stores_in_every_syntax(running: Running, files: list[Path]) -> None:
    statuses = await asyncio.to_thread(pynetdicom_sends, running.port, files)
    assert statuses == [0] * len(files)
    assert len(running.intake.received) == len(files)


@contextlib.contextmanager
def pynetdicom_scp(kept: dict[str, bytes], status: int = 0) -> Iterator[int]:
    """Run a pynetdicom Storage SCP that takes everything in the first syntax proposed."""

    def on_store(event: Event) -> int:
        kept[str(event.request.AffectedSOPInstanceUID)] = event.encoded_dataset(include_meta=False)
        return status

    ae = AE("PEER")
    ae.add_supported_context("1.2.840.10008.1.1")
    for syntax in TRANSFER_SYNTAXES:
        ae.add_supported_context("1.2.840.10008.5.1.4.1.1.2", syntax)
    port = free_port()
    server = ae.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, on_store)])
    try:
        yield port
    finally:
        server.shutdown()


async def test_our_scu_is_understood_by_pynetdicom(files: list[Path]) -> None:
    kept: dict[str, bytes] = {}
    with pynetdicom_scp(kept) as port:
        destination = Destination("127.0.0.1", port, "PEER", "LUTONG")
        await echo(destination)
        seen: list[object] = []
        outcomes = await send(destination, files, on_outcome=seen.append)
    assert seen == outcomes
    assert [outcome.status for outcome in outcomes] == [0] * len(files)
    assert kept == {meta(path).sop_instance_uid: data_set(path) for path in files}


async def test_what_a_peer_does_not_take_and_what_is_no_file_is_said_of_each(tmp_path: Path) -> None:
    good, refused, none = tmp_path / "good", tmp_path / "refused", tmp_path / "none"
    good.write_bytes(image_part10())
    refused.write_bytes(image_part10(DX))
    none.write_bytes(b"no DICOM at all")
    kept: dict[str, bytes] = {}
    with pynetdicom_scp(kept, status=0xB000) as port:
        outcomes = await send(Destination("127.0.0.1", port, "PEER"), [none, good, refused])
    assert {outcome.path.name: (outcome.status, outcome.stored) for outcome in outcomes} == {
        "none": (None, False),
        "good": (0xB000, True),
        "refused": (None, False),
    }


async def test_a_destination_that_is_not_there_may_be_tried_again() -> None:
    with pytest.raises(DeliveryFailed, match="no connection") as failure:
        await echo(Destination("127.0.0.1", free_port(), "PEER"))
    assert failure.value.transient
