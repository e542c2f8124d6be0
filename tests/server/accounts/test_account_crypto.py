"""Identifying values are closed in rows and found by a blind index."""

from pathlib import Path

import pytest

from server.accounts.crypto import Cipher, Keyring, Undecipherable
from server.storage.keys import load_keyring

OLD, NEW, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(32)
ID = "990101195803120035"


def test_a_closed_value_opens_again_and_never_shows_its_text() -> None:
    cipher = Cipher(Keyring("k1", {"k1": OLD}, INDEX))
    closed = cipher.encrypt(ID, column="patient_identifiers.value")
    assert ID not in closed
    assert cipher.decrypt(closed, column="patient_identifiers.value") == ID


def test_the_same_value_is_never_closed_the_same_way_twice() -> None:
    cipher = Cipher(Keyring("k1", {"k1": OLD}, INDEX))
    assert len({cipher.encrypt(ID, column="c") for _ in range(100)}) == 100


def test_a_value_that_was_changed_or_moved_to_another_column_does_not_open() -> None:
    cipher = Cipher(Keyring("k1", {"k1": OLD}, INDEX))
    closed = cipher.encrypt(ID, column="patients.phone")
    for column, value in (("patients.address", closed), ("patients.phone", closed[:-8] + "AAAAAAA=")):
        with pytest.raises(Undecipherable):
            cipher.decrypt(value, column=column)


def test_after_a_rotation_old_values_open_and_new_ones_carry_the_new_key() -> None:
    before = Cipher(Keyring("k1", {"k1": OLD}, INDEX)).encrypt(ID, column="c")
    rotated = Cipher(Keyring("k2", {"k1": OLD, "k2": NEW}, INDEX))
    assert rotated.decrypt(before, column="c") == ID
    assert rotated.encrypt(ID, column="c").startswith("k2:")


def test_a_missing_key_is_named() -> None:
    closed = Cipher(Keyring("k1", {"k1": OLD}, INDEX)).encrypt(ID, column="c")
    with pytest.raises(Undecipherable) as refusal:
        Cipher(Keyring("k2", {"k2": NEW}, INDEX)).decrypt(closed, column="c")
    assert refusal.value.key_id == "k1"


def test_the_blind_index_finds_a_value_only_with_its_key_and_kind() -> None:
    cipher = Cipher(Keyring("k1", {"k1": OLD}, INDEX))
    again = Cipher(Keyring("k2", {"k2": NEW}, INDEX))
    assert cipher.blind_index(ID, kind="identifier") == again.blind_index(ID, kind="identifier")
    assert cipher.blind_index(ID, kind="identifier") != cipher.blind_index(ID, kind="phone")
    assert cipher.blind_index(ID, kind="x") != Cipher(Keyring("k1", {"k1": OLD}, NEW)).blind_index(ID, kind="x")


def test_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    first, second = load_keyring(tmp_path), load_keyring(tmp_path)
    assert first == second
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_keys_never_stand_in_a_repr(tmp_path: Path) -> None:
    keyring = load_keyring(tmp_path)
    assert keyring.index.hex() not in repr(keyring)
    assert str(keyring.index) not in repr(keyring)
