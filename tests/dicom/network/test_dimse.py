"""Command sets as bytes, and messages from fragments."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset

from dicom.network.contexts import Context
from dicom.network.dimse import (
    Command,
    CommandReceived,
    DataReceived,
    Element,
    InvalidMessage,
    MessageReader,
    decode_command,
    encode_command,
)
from dicom.network.framing import Fragment

ECHO: dict[Element, int | str | bytes] = {
    Element.AffectedSOPClassUID: "1.2.840.10008.1.1",
    Element.CommandField: Command.C_ECHO_RQ,
    Element.MessageID: 7,
    Element.CommandDataSetType: 0x0101,
}
ECHO_BYTES = bytes.fromhex(
    "00000000 04000000 38000000"
    "00000200 12000000 312e322e3834302e31303030382e312e3100"
    "00000001 02000000 3000 00001001 02000000 0700 00000008 02000000 0101"
)
STORE = {**ECHO, Element.CommandField: Command.C_STORE_RQ, Element.CommandDataSetType: 1}
CONTEXTS = {1: Context(1, "1.2.840.10008.1.1", "1.2.840.10008.1.2"), 3: Context(3, "1.2", "1.2.840.10008.1.2")}


def command(data: bytes, *, context: int = 1, last: bool = True) -> Fragment:
    return Fragment(context, command=True, last=last, data=memoryview(data))


def data(content: bytes, *, context: int = 1, last: bool = True) -> Fragment:
    return Fragment(context, command=False, last=last, data=memoryview(content))


def test_an_echo_request_is_these_bytes() -> None:
    assert encode_command(ECHO) == ECHO_BYTES
    read = decode_command(ECHO_BYTES)
    assert read.text(Element.AffectedSOPClassUID) == "1.2.840.10008.1.1"
    assert read.number(Element.MessageID) == 7
    assert not read.has_data_set


def test_pydicom_reads_our_command_sets() -> None:
    ds = read_dataset(DicomBytesIO(encode_command(STORE)), is_implicit_VR=True, is_little_endian=True)
    assert (ds.MessageID, ds.CommandField, ds.AffectedSOPClassUID) == (7, 1, "1.2.840.10008.1.1")
    assert ds.CommandGroupLength == len(encode_command(STORE)) - 12


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_set_or_refused(raw: bytes) -> None:
    try:
        read = decode_command(raw)
    except InvalidMessage:
        return
    assert read.number(Element.MessageID) is None or read.values


@pytest.mark.parametrize(
    "raw", [b"\0", struct.pack("<HHI", 0, 2, 9) + b"1.2", struct.pack("<HHI", 8, 2, 0), ECHO_BYTES[:-1]]
)
def test_a_command_set_that_does_not_add_up_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidMessage):
        decode_command(raw)


def test_a_command_and_its_data_set_come_apart() -> None:
    reader = MessageReader(CONTEXTS)
    whole = encode_command(STORE)
    assert reader.receive(command(whole[:10], last=False)) is None
    assert reader.in_message
    received = reader.receive(command(whole[10:]))
    assert isinstance(received, CommandReceived)
    assert received.context == CONTEXTS[1]
    assert reader.receive(data(b"x", last=False)) == DataReceived(memoryview(b"x"), last=False)
    assert reader.receive(data(b"")) == DataReceived(memoryview(b""), last=True)
    assert not reader.in_message


@pytest.mark.parametrize(
    "fragments",
    [
        [data(b"x")],
        [command(ECHO_BYTES), data(b"x")],
        [command(encode_command(STORE)), command(ECHO_BYTES)],
        [command(encode_command(STORE)), data(b"x", context=3)],
        [command(ECHO_BYTES[:9], last=False), command(ECHO_BYTES[9:], context=3)],
        [command(ECHO_BYTES, context=5)],
        [command(bytes(40000), last=False), command(bytes(40000), last=False)],
    ],
)
def test_fragments_out_of_order_are_refused(fragments: list[Fragment]) -> None:
    reader = MessageReader(CONTEXTS)
    for fragment in fragments[:-1]:
        reader.receive(fragment)
    with pytest.raises(InvalidMessage):
        reader.receive(fragments[-1])


def test_a_string_that_is_not_ascii_matches_nothing() -> None:
    raw = encode_command({Element.AffectedSOPInstanceUID: b"1.2.\xff\0"})
    assert decode_command(raw).text(Element.AffectedSOPInstanceUID) == "1.2.\ufffd"
