"""Which contexts are taken, against pydicom's list of every UID of the standard."""

import pytest
from pydicom._uid_dict import UID_dictionary

from dicom.network.contexts import VERIFICATION, accepted, is_storage, is_transfer_syntax, is_uid, judge, negotiate
from dicom.network.pdu import AssociateRQ, ProposedContext, UserInformation

IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
CT = "1.2.840.10008.5.1.4.1.1.2"
# Named "Storage" and not sent by C-STORE: a DICOMDIR, storage commitment, the management of inventories.
OTHER_STORAGE = {"1.2.840.10008.1.3.10", "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.2"}


def test_every_storage_class_of_the_standard_is_taken_and_no_other_service() -> None:
    classes = {uid: name for uid, (name, kind, *_) in UID_dictionary.items() if kind == "SOP Class" and name}
    taken = {uid for uid in classes if is_storage(uid)}
    named = {uid for uid, name in classes.items() if "Storage" in name and uid not in OTHER_STORAGE}
    assert {classes[uid] for uid in taken ^ named} == set()


def test_every_transfer_syntax_of_the_standard_is_taken() -> None:
    syntaxes = [uid for uid, (_, kind, *_) in UID_dictionary.items() if kind == "Transfer Syntax"]
    refused = [uid for uid in syntaxes if not is_transfer_syntax(uid)]
    assert len(syntaxes) > 40
    assert [uid for uid in refused if not uid.startswith("1.2.840.10008.7.1.")] == []


@pytest.mark.parametrize("uid", ["1.2.3", "0.0", "1.02.3", "1" * 64])
def test_a_uid_is_digits_and_dots(uid: str) -> None:
    assert is_uid(uid)


@pytest.mark.parametrize("uid", ["", "..", "../x", "1.2/3", "1.2\0", "1" * 65, "1.2 ", "١.٢", "1.2\r\n", "%2e", "CON"])
def test_what_is_no_uid_is_none(uid: str) -> None:
    assert not is_uid(uid)


@pytest.mark.parametrize(
    ("abstract", "syntaxes", "private", "result", "taken"),
    [
        (CT, (IMPLICIT, EXPLICIT), False, 0, IMPLICIT),
        (CT, ("1.2.840.113619.5.2", EXPLICIT), False, 0, EXPLICIT),
        (CT, ("1.2.840.113619.5.2",), False, 4, "1.2.840.113619.5.2"),
        (VERIFICATION, (EXPLICIT,), False, 0, EXPLICIT),
        ("1.2.840.10008.5.1.4.1.2.2.1", (IMPLICIT,), True, 3, IMPLICIT),
        ("1.3.12.2.1107.5.9.1", (EXPLICIT,), False, 3, EXPLICIT),
        ("1.3.12.2.1107.5.9.1", (EXPLICIT,), True, 0, EXPLICIT),
        ("../../etc", (EXPLICIT,), True, 3, EXPLICIT),
    ],
)
def test_a_context_is_answered(
    *, abstract: str, syntaxes: tuple[str, ...], private: bool, result: int, taken: str
) -> None:
    answer = judge(ProposedContext(1, abstract, syntaxes), private=private)
    assert (answer.result, answer.transfer_syntax) == (result, taken)


def test_one_operation_at_a_time_is_agreed_only_with_who_asked_for_more() -> None:
    request = AssociateRQ("L", "T", (ProposedContext(1, CT, (EXPLICIT,)),), UserInformation(async_operations=(8, 8)))
    answer = negotiate(request, max_length=131072, private=False)
    assert answer.user.async_operations == (1, 1)
    assert answer.user.max_length == 131072
    assert accepted(request, answer)[1].transfer_syntax == EXPLICIT
