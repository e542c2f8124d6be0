"""dicom/CONFORMANCE.md says what the code does: its tables are compared with it."""

import re
from pathlib import Path

from pydicom._uid_dict import UID_dictionary

from dicom.network import contexts
from dicom.network.events import Limits

STATEMENT = (Path(__file__).parents[2] / "dicom" / "CONFORMANCE.md").read_text(encoding="utf-8")
LISTED = set(re.findall(r"^\| ([0-9.]+) \| [^|]+ \| (?:retired)? ?\|$", STATEMENT.split("## 6.")[1], re.MULTILINE))


def test_the_statement_lists_exactly_the_storage_classes_of_the_standard_that_are_taken() -> None:
    taken = {uid for uid, entry in UID_dictionary.items() if entry[1] == "SOP Class" and contexts.is_storage(uid)}
    assert len(LISTED) > 200
    assert taken == LISTED


def test_services_among_the_storage_classes_are_not_taken() -> None:
    for uid in ("1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.31", "1.2.840.10008.1.20.1"):
        assert not contexts.is_storage(uid)
        assert uid not in LISTED


def test_every_transfer_syntax_of_the_standard_is_taken_as_the_statement_says() -> None:
    syntaxes = [uid for uid, entry in UID_dictionary.items() if entry[1] == "Transfer Syntax"]
    assert len(syntaxes) > 50
    assert [uid for uid in syntaxes if not contexts.is_transfer_syntax(uid)] == []


def test_names_and_limits_of_the_association_are_those_of_the_code() -> None:
    assert f"{contexts.IMPLEMENTATION_CLASS_UID}, `{contexts.IMPLEMENTATION_VERSION_NAME}`" in STATEMENT
    limits = Limits()
    assert f"| {limits.max_length} bytes; before an association {limits.max_control} bytes |" in STATEMENT
    assert f"| {limits.artim:.0f} s, {limits.pdu:.0f} s, {limits.idle:.0f} s |" in STATEMENT
