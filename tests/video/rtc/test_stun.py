"""STUN against the published test vectors (RFC 5769), and against bytes from anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc import stun
from video.rtc.stun import Attribute, Class, InvalidStun

# RFC 5769 §2.1: a request with short-term credentials; the password is given there.
PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")
REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
# §2.2 and §2.3: the answers with an IPv4 and an IPv6 address.
RESPONSE_IPV4 = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)
RESPONSE_IPV6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c"
)


def test_the_request_of_rfc_5769_is_read_and_its_integrity_holds() -> None:
    message = stun.parse(REQUEST)
    assert (message.message_class, message.method, message.transaction_id) == (Class.REQUEST, stun.BINDING, TRANSACTION)
    assert message.attributes[Attribute.USERNAME] == b"evtj:h6vY"
    assert message.attributes[Attribute.PRIORITY] == bytes.fromhex("6e0001ff")
    assert message.is_authentic(PASSWORD)
    assert not message.is_authentic(b"another password")
    assert stun.username_of(REQUEST) == "evtj:h6vY"


@pytest.mark.parametrize(
    ("response", "address"),
    [(RESPONSE_IPV4, ("192.0.2.1", 32853)), (RESPONSE_IPV6, ("2001:db8:1234:5678:11:2233:4455:6677", 32853))],
)
def test_the_answers_of_rfc_5769_carry_their_address(response: bytes, address: tuple[str, int]) -> None:
    message = stun.parse(response)
    mapped = message.attributes[Attribute.XOR_MAPPED_ADDRESS]
    assert message.is_authentic(PASSWORD)
    assert stun.read_xor_address(mapped, TRANSACTION) == address
    assert stun.xor_address(*address, TRANSACTION) == mapped


def test_what_we_write_differs_from_the_vector_in_its_padding_only() -> None:
    written = stun.build(
        Class.SUCCESS,
        TRANSACTION,
        [(Attribute.SOFTWARE, b"test vector"), (Attribute.XOR_MAPPED_ADDRESS, bytes.fromhex("0001a147e112a643"))],
        key=PASSWORD,
    )
    assert len(written) == len(RESPONSE_IPV4)
    assert written[:35] == RESPONSE_IPV4[:35]
    assert stun.parse(written).is_authentic(PASSWORD)


@pytest.mark.parametrize("at", range(len(REQUEST) - 8))
def test_a_damaged_byte_is_never_taken_for_authentic(at: int) -> None:
    damaged = bytearray(REQUEST)
    damaged[at] ^= 0x01
    try:
        message = stun.parse(bytes(damaged))
    except InvalidStun:
        return
    assert not message.is_authentic(PASSWORD)


def test_an_attribute_behind_the_integrity_is_not_believed() -> None:
    message = stun.build(Class.REQUEST, TRANSACTION, [(Attribute.USERNAME, b"a:b")], key=PASSWORD)
    without_fingerprint = message[:-8]
    forged = without_fingerprint + bytes.fromhex("00250000")
    forged = forged[:2] + (len(forged) - 20).to_bytes(2) + forged[4:]
    read = stun.parse(forged)
    assert read.is_authentic(PASSWORD)
    assert Attribute.USE_CANDIDATE not in read.attributes


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    stun.username_of(data)
    try:
        stun.parse(data)
    except InvalidStun:
        return


@given(st.binary(max_size=64), st.binary(min_size=12, max_size=12))
def test_any_attributes_under_a_true_header_are_a_message_or_refused(body: bytes, transaction: bytes) -> None:
    data = b"\x00\x01" + len(body).to_bytes(2) + stun.MAGIC_COOKIE.to_bytes(4) + transaction + body
    stun.username_of(data)
    try:
        assert stun.parse(data).transaction_id == transaction
    except InvalidStun:
        return


@given(st.ip_addresses(), st.integers(0, 65535), st.binary(min_size=12, max_size=12))
def test_an_address_comes_back_as_it_went(address: object, port: int, transaction: bytes) -> None:
    value = stun.xor_address(str(address), port, transaction)
    assert stun.read_xor_address(value, transaction) == (str(address), port)


@pytest.mark.parametrize("value", [b"", b"\0\1\0", b"\0\3\0\0abcd", b"\0\1\0\0abc", b"\0\2\0\0abcd"])
def test_an_address_of_the_wrong_size_is_refused(value: bytes) -> None:
    with pytest.raises(InvalidStun):
        stun.read_xor_address(value, TRANSACTION)
