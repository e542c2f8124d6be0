"""Why a document could not be made."""

from __future__ import annotations


class DocumentRefused(Exception):
    """A document cannot be made from what was given."""


class FontMissing(DocumentRefused):
    """None of the font directories holds a Chinese font that the report can be set in."""


class RenderingFailed(DocumentRefused):
    """The typesetter refused; `reason` is its message, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
