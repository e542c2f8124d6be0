"""PDUs as bytes: golden ones, round trips, and what is refused."""

import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynetdicom.pdu import A_ASSOCIATE_AC as PEER_AC
from pynetdicom.pdu import A_ASSOCIATE_RQ as PEER_RQ

from dicom.network import pdu
from dicom.network.pdu import (
    Abort,
    AssociateAC,
    AssociateRJ,
    AssociateRQ,
    ContextResult,
    InvalidPdu,
    ProposedContext,
    RoleSelection,
    UserInformation,
)

ECHO_RQ = AssociateRQ(
    "LUTONG",
    "T01",
    (ProposedContext(1, "1.2.840.10008.1.1", ("1.2.840.10008.1.2",)),),
    UserInformation(16384, "1.2.3", "PEER"),
)
ECHO_RQ_BYTES = bytes.fromhex(
    "01 00 0000009a 0001 0000"
    "4c55544f4e4720202020202020202020 54303120202020202020202020202020"
    + "00" * 32
    + "10 00 0015"
    "312e322e3834302e31303030382e332e312e312e31"
    "20 00 002e 01000000 30 00 0011 312e322e3834302e31303030382e312e31 40 00 0011 312e322e3834302e31303030382e312e32"
    "50 00 0017 51 00 0004 00004000 52 00 0005 312e322e33 55 00 0004 50454552".replace(" 0017 ", " 0019 ")
)

uids = st.from_regex(r"[1-9][0-9]{0,8}(\.(0|[1-9][0-9]{0,8})){1,5}", fullmatch=True)
titles = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="\\"), min_size=1, max_size=16
)
short = st.integers(0, 65535)
users = st.builds(
    UserInformation,
    max_length=st.integers(0, 2**32 - 1),
    implementation_class_uid=uids,
    implementation_version_name=titles,
    async_operations=st.none() | st.tuples(short, short),
    roles=st.lists(st.builds(RoleSelection, uids, st.booleans(), st.booleans()), max_size=4).map(tuple),
)


@st.composite
def requests(draw: st.DrawFn) -> AssociateRQ:
    ids = draw(st.lists(st.integers(0, 127).map(lambda n: 2 * n + 1), min_size=1, max_size=5, unique=True))
    syntaxes = st.lists(uids, min_size=1, max_size=4).map(tuple)
    contexts = tuple(ProposedContext(i, draw(uids), draw(syntaxes)) for i in ids)
    return AssociateRQ(draw(titles), draw(titles), contexts, draw(users))


def test_a_verification_request_is_these_bytes() -> None:
    encoded = pdu.encode_associate_rq(ECHO_RQ)
    assert encoded[6:] == ECHO_RQ_BYTES[6:]
    assert encoded[:6] == struct.pack(">BBI", 1, 0, len(encoded) - 6)
    assert pdu.decode_associate_rq(encoded[6:]) == ECHO_RQ


def test_the_short_pdus_are_these_bytes() -> None:
    assert pdu.encode_associate_rj(AssociateRJ(1, 1, 3)) == bytes.fromhex("030000000004 00010103")
    assert pdu.encode_abort(Abort(2, 6)) == bytes.fromhex("070000000004 00000206")
    assert bytes.fromhex("050000000004 00000000") == pdu.RELEASE_RQ
    assert bytes.fromhex("060000000004 00000000") == pdu.RELEASE_RP
    assert pdu.encode_data_header(3, 10, command=True, last=True) == bytes.fromhex("040000000010 0000000c 03 03")


@settings(deadline=None)
@given(requests())
def test_a_request_survives_the_wire(request: AssociateRQ) -> None:
    assert pdu.decode_associate_rq(pdu.encode_associate_rq(request)[6:]) == request


@settings(deadline=None)
@given(requests())
def test_pynetdicom_reads_our_request_and_writes_it_the_same(request: AssociateRQ) -> None:
    request = replace(request, user=replace(request.user, async_operations=None, roles=()))
    peer = PEER_RQ()
    encoded = pdu.encode_associate_rq(request)
    peer.decode(encoded)
    assert [context.context_id for context in peer.presentation_context] == [context.id for context in request.contexts]
    assert pdu.decode_associate_rq(peer.encode()[6:]) == request


@settings(deadline=None)
@given(titles, users, st.lists(st.integers(0, 127), max_size=5, unique=True))
def test_an_answer_survives_the_wire(title: str, user: UserInformation, ids: list[int]) -> None:
    results = tuple(ContextResult(2 * i + 1, i % 2 * 3, "1.2.840.10008.1.2") for i in ids)
    answer = AssociateAC(title, "T01", results, user)
    encoded = pdu.encode_associate_ac(answer)
    assert pdu.decode_associate_ac(encoded[6:]) == answer
    PEER_AC().decode(encoded)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_request_are_refused_and_nothing_else_happens(body: bytes) -> None:
    with pytest.raises(InvalidPdu):
        pdu.decode_associate_rq(body)


@settings(deadline=None)
@given(st.integers(6, len(ECHO_RQ_BYTES) - 1), st.integers(0, 255))
def test_a_request_with_one_byte_changed_is_read_or_refused(at: int, value: int) -> None:
    body = bytearray(pdu.encode_associate_rq(ECHO_RQ))
    body[at] = value
    try:
        pdu.decode_associate_rq(bytes(body[6:]))
    except InvalidPdu:
        return


def item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(body)) + body


FIXED = pdu.encode_associate_rq(ECHO_RQ)[6:74]
CONTEXT = item(0x20, b"\1\0\0\0" + item(0x30, b"1.2") + item(0x40, b"1.2"))
USER = item(0x50, item(0x51, b"\0\0\x40\0"))


@pytest.mark.parametrize(
    "body",
    [
        FIXED + USER,
        FIXED + CONTEXT,
        FIXED + CONTEXT * 2 + USER,
        FIXED + CONTEXT + USER * 2,
        FIXED + item(0x20, b"\2\0\0\0" + item(0x30, b"1.2") + item(0x40, b"1.2")) + USER,
        FIXED + item(0x20, b"\1\0\0\0" + item(0x30, b"1.2")) + USER,
        FIXED + item(0x20, b"\1\0\0\0" + item(0x30, b"1.2") + item(0x40, b"1.2") * 300) + USER,
        FIXED + item(0x20, b"\1\0\0\0" + item(0x30, b"1" * 67) + item(0x40, b"1.2")) + USER,
        FIXED + CONTEXT + item(0x50, b"\x51\0\xff\xff"),
        FIXED + CONTEXT + item(0x50, item(0x51, b"\0")),
        FIXED + CONTEXT + USER + item(0x99, b"") * 16384,
        FIXED + CONTEXT + item(0x50, item(0x51, b"\0\0\x40\0") + item(0x56, b"") * 16000),
    ],
)
def test_a_malformed_request_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidPdu):
        pdu.decode_associate_rq(body)
    assert pdu.decode_associate_rq(FIXED + CONTEXT + USER).user.max_length == 16384


def test_an_ae_title_that_is_none_cannot_be_taken_for_one() -> None:
    raw = bytearray(pdu.encode_associate_rq(ECHO_RQ)[6:])
    raw[20:36] = b"T01\0\r\n\xe9".ljust(16)
    assert pdu.decode_associate_rq(bytes(raw)).calling_ae_title == r"T01\x00\x0d\x0a\xe9"
