"""Whatever bytes a peer sends, the core answers or aborts; it neither raises nor keeps more than its bounds."""

import tracemalloc

from hypothesis import given, settings
from hypothesis import strategies as st

from dicom.network import pdu
from dicom.network.dimse import Command, Element, encode_command
from dicom.network.events import Ended, Limits, Requested
from dicom.network.pdu import AssociateRQ, ProposedContext
from dicom.network.states import State
from dicom.network.status import Status
from dicom.network.store import StorageProvider, StoreComplete

CT, EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"
COMMAND = encode_command(
    {
        Element.AffectedSOPClassUID: CT,
        Element.CommandField: Command.C_STORE_RQ,
        Element.MessageID: 1,
        Element.CommandDataSetType: 1,
        Element.AffectedSOPInstanceUID: "1.2.3",
    }
)
PARTS = [
    pdu.encode_associate_rq(AssociateRQ("LUTONG", "T01", (ProposedContext(1, CT, (EXPLICIT,)),))),
    pdu.encode_data_header(1, len(COMMAND), command=True, last=True) + COMMAND,
    pdu.encode_data_header(1, 5, command=False, last=False) + b"pixel",
    pdu.encode_data_header(1, 5, command=False, last=True) + b"pixel",
    pdu.RELEASE_RQ,
    pdu.RELEASE_RP,
    pdu.encode_abort(pdu.Abort(0, 0)),
]


def serve(provider: StorageProvider, data: bytes, now: float = 0.0) -> bytes:
    """Do what the shell does: accept everyone, take every object."""
    provider.association.receive_data(memoryview(data), now=now)
    while (event := provider.next_event()) is not None:
        if isinstance(event, Requested) and provider.association.state is State.AWAITING_LOCAL_RESPONSE:
            provider.accept()
        if isinstance(event, StoreComplete):
            provider.respond(Status.SUCCESS)
    return provider.association.data_to_send()


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PARTS), max_size=12), st.data())
def test_a_session_in_any_order_with_any_bytes_changed_never_breaks_the_core(
    parts: list[bytes], data: st.DataObject
) -> None:
    session = bytearray(b"".join([PARTS[0], *parts]))
    for _ in range(data.draw(st.integers(0, 4))):
        session[data.draw(st.integers(0, len(session) - 1))] = data.draw(st.integers(0, 255))
    step = data.draw(st.integers(1, 200))
    provider = StorageProvider(Limits(), now=0)
    for at in range(0, len(session), step):
        serve(provider, bytes(session[at : at + step]))
    provider.association.receive_eof()
    ends = []
    while (event := provider.next_event()) is not None:
        if isinstance(event, StoreComplete):
            provider.respond(Status.SUCCESS)
        if isinstance(event, Ended):
            ends.append(event)
    assert provider.association.closed
    assert len(ends) <= 1


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=600))
def test_bytes_that_are_no_session_end_it(junk: bytes) -> None:
    provider = StorageProvider(Limits(), now=0)
    serve(provider, junk)
    provider.association.handle_timer(1000)
    assert provider.association.closed or provider.association.state is State.AWAITING_LOCAL_RESPONSE


def test_neither_a_huge_length_nor_endless_pieces_of_a_command_grow_memory() -> None:
    piece = pdu.encode_data_header(1, 60000, command=True, last=False) + bytes(60000)
    tracemalloc.start()
    try:
        for flood in (b"\1\0\xff\xff\xff\xff" + bytes(100_000), PARTS[0] + piece * 20):
            provider = StorageProvider(Limits(), now=0)
            for at in range(0, len(flood), 65536):
                serve(provider, flood[at : at + 65536])
            assert provider.association.state is State.AWAITING_CLOSE
            del provider
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
