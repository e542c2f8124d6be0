"""Storage SCP and SCU against each other in memory: real cores on both sides, no socket."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from dicom.network.contexts import VERIFICATION
from dicom.network.dimse import NO_DATA_SET, Command, DataReceived, Element, encode_command
from dicom.network.events import Ended, Ending, Limits, Requested
from dicom.network.part10 import FileMeta, read_head
from dicom.network.pdu import encode_data_header
from dicom.network.scu import Established, NoContext, Responded, StorageUser, Titles, plan
from dicom.network.states import State
from dicom.network.status import Status
from dicom.network.store import Echoed, Refused, StorageProvider, StoreBegan, StoreComplete

CT = "1.2.840.10008.5.1.4.1.1.2"
JPEG = "1.2.840.10008.1.2.4.50"
META = FileMeta(CT, "1.2.3.4", JPEG, 0)
OFFER = (CT, JPEG)
LIMITS = Limits()
Values = dict[Element, int | str | bytes]


@dataclass
class Pair:
    """An SCU and an SCP with a wire between them; the SCP's shell takes every object unless told otherwise."""

    user: StorageUser
    provider: StorageProvider
    cut: int = 1 << 20
    status: Status = Status.SUCCESS
    answers: bool = True
    objects: list[bytes] = field(default_factory=list)
    told: list[object] = field(default_factory=list)
    heard: list[object] = field(default_factory=list)
    _parts: list[bytes] = field(default_factory=list)

    def run(self, *more: bytes | memoryview) -> None:
        """Move bytes until both are quiet; `more` goes out behind what the SCU has to say."""
        out = self.user.association.data_to_send() + b"".join(more)
        while True:
            for at in range(0, len(out), self.cut):
                self.provider.association.receive_data(memoryview(out[at : at + self.cut]), now=0)
                self.serve()
            back = self.provider.association.data_to_send()
            self.user.association.receive_data(memoryview(back), now=0)
            while (event := self.user.next_event()) is not None:
                self.heard.append(event)
            out = self.user.association.data_to_send()
            if not out and not back:
                return

    def serve(self) -> None:
        while (event := self.provider.next_event()) is not None:
            if not isinstance(event, DataReceived):
                self.told.append(event)
            match event:
                case Requested():
                    self.provider.accept()
                case StoreBegan(store):
                    self._parts = [store.head]
                case DataReceived(data=data):
                    self._parts.append(bytes(data))
                case StoreComplete() if self.answers:
                    self.objects.append(b"".join(self._parts))
                    self.provider.respond(self.status)

    def send(self, meta: FileMeta, data: bytes, message_id: int = 1) -> None:
        self.user.store(meta, message_id)
        self.run(*self.user.frame(memoryview(data), last=True))

    def send_command(self, values: Values, *, context: int = 1, data: bytes | None = None) -> None:
        raw = encode_command(values)
        body = encode_data_header(context, len(raw), command=True, last=True) + raw
        if data is not None:
            body += encode_data_header(context, len(data), command=False, last=True) + data
        self.run(body)


def pair(offers: Iterable[tuple[str, str]] = (OFFER,), *, private: bool = False, max_object: int = 1 << 30) -> Pair:
    user = StorageUser(Titles("T01", "LUTONG"), offers, limits=LIMITS, now=0)
    made = Pair(user, StorageProvider(LIMITS, now=0, private=private, max_object=max_object))
    made.run()
    assert made.heard == [Established()]
    made.heard.clear()
    made.told.clear()
    return made


def store_rq(**changes: int | str | bytes | None) -> Values:
    values: dict[str, int | str | bytes | None] = {
        "AffectedSOPClassUID": CT,
        "CommandField": Command.C_STORE_RQ,
        "MessageID": 9,
        "Priority": 0,
        "CommandDataSetType": 1,
        "AffectedSOPInstanceUID": "1.2.3",
        **changes,
    }
    return {Element[name]: value for name, value in values.items() if value is not None}


def test_an_echo_is_answered() -> None:
    wire = pair([])
    wire.user.echo(5)
    wire.run()
    assert wire.told == [Echoed()]
    assert wire.heard == [Responded(5, 0, "")]


@pytest.mark.parametrize("cut", [1, 7, 1000, 1 << 20])
@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_an_object_arrives_byte_for_byte_behind_a_head_that_names_it(cut: int, size: int) -> None:
    wire = pair()
    wire.cut = cut if size < 1000 else max(cut, 1000)
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    wire.send(META, data)
    (stored,) = wire.objects
    head = read_head(stored)
    assert (head.sop_class_uid, head.sop_instance_uid, head.transfer_syntax_uid) == (CT, "1.2.3.4", JPEG)
    assert stored[head.dataset_offset :] == data
    assert wire.heard == [Responded(1, 0, "")]


def test_nothing_is_answered_before_the_shell_says_so_and_nothing_overtakes() -> None:
    wire = pair()
    wire.answers = False
    wire.send(META, b"data")
    assert wire.heard == []
    assert wire.provider.pending
    wire.user.store(META, 2)
    wire.run(*wire.user.frame(memoryview(b"next"), last=True))
    assert [type(event) for event in wire.told] == [StoreBegan, StoreComplete]
    wire.answers = True
    wire.provider.respond(Status.COERCED, "UID_CONFLICT")
    wire.serve()
    wire.run()
    assert wire.heard == [Responded(1, 0xB000, "UID_CONFLICT"), Responded(2, 0, "")]


def test_the_release_of_an_association_waits_for_the_answer_before_it() -> None:
    wire = pair()
    wire.answers = False
    wire.send(META, b"data")
    wire.user.association.release()
    wire.run()
    wire.provider.respond(Status.SUCCESS)
    wire.serve()
    wire.run()
    assert wire.heard == [Responded(1, 0, ""), Ended(Ending.RELEASED)]


def test_an_object_given_up_in_the_middle_is_passed_over_and_then_refused() -> None:
    wire = pair()
    wire.user.store(META, 1)
    frames = list(wire.user.frame(memoryview(bytes(400_000)), last=True))
    wire.run(*frames[:2])
    wire.provider.refuse(Status.OUT_OF_RESOURCES, "StorageFull")
    wire.run(*frames[2:])
    assert wire.heard == [Responded(1, 0xA700, "StorageFull")]
    wire.send(META, b"the next one", 2)
    assert wire.heard[1:] == [Responded(2, 0, "")]


@pytest.mark.parametrize(
    "uid",
    [
        "../../../tmp/evil",
        "/etc/passwd",
        "1.2.3/../../x",
        "1" * 65,
        "1.2\0/x",
        "1.2\r\n",
        "CON",
        "%2e%2e",
        "..",
        "1.2.é",
    ],
)
@pytest.mark.parametrize("element", ["AffectedSOPInstanceUID", "AffectedSOPClassUID"])
def test_a_hostile_uid_never_begins_an_object(uid: str, element: str) -> None:
    wire = pair()
    wire.send_command(store_rq(**{element: uid.encode()}), data=b"data")
    assert wire.told == [Refused(Command.C_STORE_RQ, Status.DOES_NOT_MATCH, "not a UID")]
    assert wire.heard == [Responded(9, 0xA900, "not a UID")]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"AffectedSOPInstanceUID": None}, 0x0115),
        ({"AffectedSOPClassUID": None}, 0x0115),
        ({"AffectedSOPClassUID": "1.2.840.10008.5.1.4.1.1.4"}, 0xA900),
    ],
)
def test_an_object_we_do_not_take_is_refused_and_the_association_goes_on(
    changes: dict[str, int | str | bytes | None], status: int
) -> None:
    wire = pair()
    raw = store_rq(**changes)
    wire.send_command(raw, data=b"identifier")
    (refused,) = wire.told
    assert isinstance(refused, Refused)
    assert refused.status == status
    assert wire.provider.association.state is State.ESTABLISHED
    wire.heard.clear()
    wire.send(META, b"still served")
    assert wire.heard == [Responded(1, 0, "")]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (Command.C_FIND_RQ, 0x0122),
        (Command.C_MOVE_RQ, 0x0122),
        (Command.C_GET_RQ, 0x0122),
        (Command.N_ACTION_RQ, 0x0122),
        (0x0777, 0x0211),
    ],
)
def test_an_operation_we_do_not_serve_is_refused(number: int, status: int) -> None:
    wire = pair()
    wire.send_command(store_rq(CommandField=number), data=b"identifier")
    assert wire.told[0] == Refused(number, Status(status), "operation")


def test_a_store_without_a_data_set_is_answered_at_once() -> None:
    wire = pair()
    wire.send_command(store_rq(CommandDataSetType=NO_DATA_SET))
    assert wire.heard == [Responded(9, 0xC000, "no data set")]


def test_a_store_in_the_context_of_verification_is_refused() -> None:
    wire = pair([])
    wire.send_command(store_rq(AffectedSOPClassUID=VERIFICATION), data=b"x")
    assert wire.heard == [Responded(9, 0x0122, "no storage SOP class")]


@pytest.mark.parametrize("values", [store_rq(CommandField=Command.C_STORE_RSP), store_rq(CommandField=None)])
def test_what_is_no_request_aborts(values: Values) -> None:
    wire = pair()
    wire.send_command(values)
    (end,) = wire.told
    assert isinstance(end, Ended)
    assert end.ending is Ending.VIOLATION


def test_a_cancel_is_not_answered() -> None:
    wire = pair()
    wire.send_command({Element.CommandField: Command.C_CANCEL_RQ, Element.CommandDataSetType: NO_DATA_SET})
    assert (wire.told, wire.heard) == ([], [])


def test_an_object_without_end_is_cut() -> None:
    wire = pair(max_object=1000)
    wire.user.store(META, 1)
    wire.run(*wire.user.frame(memoryview(bytes(1001)), last=False))
    end = wire.told[-1]
    assert isinstance(end, Ended)
    assert end.detail == "data set too long"


def test_an_abort_in_the_middle_of_an_object_is_told_and_nothing_was_complete() -> None:
    wire = pair()
    wire.user.store(META, 1)
    wire.run(*wire.user.frame(memoryview(b"half"), last=False))
    wire.user.association.abort()
    wire.run()
    assert [type(event) for event in wire.told] == [StoreBegan, Ended]


def test_an_answer_for_a_peer_that_has_gone_is_swallowed() -> None:
    wire = pair()
    wire.answers = False
    wire.send(META, b"data")
    wire.provider.association.receive_eof()
    wire.provider.respond(Status.SUCCESS)
    wire.serve()
    assert isinstance(wire.told[-1], Ended)
    assert wire.provider.association.data_to_send() == b""


def test_the_scu_knows_what_was_not_accepted() -> None:
    wire = pair([OFFER, ("1.2.840.10008.5.1.4.1.2.2.1", JPEG), ("1.3.12.2.1107.5.9.1", JPEG)])
    assert wire.user.accepts(META)
    with pytest.raises(NoContext):
        wire.user.store(FileMeta("1.3.12.2.1107.5.9.1", "1.2", JPEG, 0), 1)
    with pytest.raises(NoContext):
        wire.user.echo(1)


def test_objects_of_more_than_128_kinds_need_a_second_association() -> None:
    kinds = [(f"1.2.{n}", JPEG) for n in range(130)] + [("1.2.129", JPEG)]
    assert [len(group) for group in plan(kinds, lambda kind: kind)] == [128, 3]
    with pytest.raises(ValueError, match="130 contexts"):
        StorageUser(Titles("A", "B"), kinds, limits=LIMITS, now=0)
