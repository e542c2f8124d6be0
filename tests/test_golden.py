"""Signed files are compared with, never written by a test."""

from pathlib import Path

import pytest

from tests import golden as signed_files


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_files, "SIGNED", tmp_path / "signed")
    monkeypatch.setattr(signed_files, "RENDERED", tmp_path / "rendered")
    (tmp_path / "signed").mkdir()
    (tmp_path / "signed" / "table.txt").write_text("a -> b\n", encoding="utf-8")


def test_what_was_signed_passes() -> None:
    signed_files.golden("table.txt", "a -> b\n")


@pytest.mark.parametrize("path", ["table.txt", "new.txt"])
def test_what_nobody_signed_fails_shows_the_difference_and_signs_nothing(tmp_path: Path, path: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"make golden(.|\n)*\+a -> c"):
        signed_files.golden(path, "a -> c\n")
    assert [(file.name, file.read_text()) for file in (tmp_path / "signed").iterdir()] == [("table.txt", "a -> b\n")]
    assert (tmp_path / "rendered" / path).read_text() == "a -> c\n"
