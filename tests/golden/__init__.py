"""Compares what the code renders with a file of this folder that a person has read and signed.

No test writes there: a difference is laid into .build/golden, and `make golden` shows it to a person.
"""

import difflib
from pathlib import Path

import pytest

SIGNED = Path(__file__).parent
RENDERED = SIGNED.parent.parent / ".build" / "golden"


def golden(path: str, rendered: str) -> None:
    """Fail unless the rendered text equals the signed file.

    Parameters
    ----------
    path : str
        Where the signed file stands under tests/golden, such as ``referral/lifecycle.txt``.
    rendered : str
        What the code says now.
    """
    signed = SIGNED / path
    expected = signed.read_text(encoding="utf-8") if signed.exists() else ""
    if signed.exists() and expected == rendered:
        return
    proposal = RENDERED / path
    proposal.parent.mkdir(parents=True, exist_ok=True)
    proposal.write_text(rendered, encoding="utf-8")
    changes = difflib.unified_diff(
        expected.splitlines(), rendered.splitlines(), f"signed {path}", f"rendered {path}", lineterm=""
    )
    pytest.fail("\n".join([f"{path} is not what was signed; read it with `make golden`", *changes]), pytrace=False)
