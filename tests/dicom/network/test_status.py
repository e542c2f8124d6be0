"""Every refusal of the domain has its place: a status, or the reason why no peer ever causes it."""

import errno

import pytest

from dicom import errors
from dicom.network.status import NEVER_ON_THE_WIRE, OF_ERROR, Status, is_stored, of_error


def subclasses(kind: type[errors.DicomRefusal]) -> set[type[errors.DicomRefusal]]:
    found = set(kind.__subclasses__())
    return found.union(*map(subclasses, found)) if found else found


def test_every_refusal_has_a_row_and_only_one() -> None:
    every = {kind for kind in subclasses(errors.DicomRefusal) if kind.__module__ == errors.__name__}
    assert every - set(OF_ERROR) - NEVER_ON_THE_WIRE == set()
    assert not set(OF_ERROR) & NEVER_ON_THE_WIRE


@pytest.mark.parametrize(
    ("error", "status", "stored"),
    [
        (errors.Unreadable(), 0xC000, False),
        (errors.UidConflict(), 0xB000, True),
        (errors.StorageFull(), 0xA700, False),
        (errors.NotPermitted(), 0x0124, False),
        (OSError(errno.ENOSPC, ""), 0xA700, False),
        (OSError(errno.EIO, ""), 0xA700, False),
        (OSError(errno.EINVAL, ""), 0x0110, False),
        (RuntimeError(), 0x0110, False),
    ],
)
def test_what_went_wrong_is_told_in_dicoms_numbers(*, error: Exception, status: int, stored: bool) -> None:
    assert of_error(error) == status
    assert is_stored(of_error(error)) is stored


def test_success_is_stored() -> None:
    assert is_stored(Status.SUCCESS)
