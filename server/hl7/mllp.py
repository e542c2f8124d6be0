"""The Minimal Lower Layer Protocol (HL7 v2 Transport, release 1): bytes in, messages out."""

START, END = b"\x0b", b"\x1c\r"


class FrameTooLong(Exception):
    """A peer sends more than a message may have; the connection is of no use any more."""


def frame(message: bytes) -> bytes:
    """Return a message in its block."""
    return START + message + END


class Framer:
    """Takes the messages out of a stream of bytes; what stands between two blocks is nothing.

    Parameters
    ----------
    limit
        The most bytes one message may have.
    """

    def __init__(self, limit: int = 1 << 20) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._inside = False
        self._looked = 0  # how much of the buffer is known not to end a message

    def receive(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now.

        Raises
        ------
        FrameTooLong
        """
        self._buffer += data
        found: list[bytes] = []
        while (message := self._next()) is not None:
            found.append(message)
        if len(self._buffer) > self._limit:
            raise FrameTooLong
        return found

    def _next(self) -> bytes | None:
        if not self._inside:
            begins = self._buffer.find(START)
            del self._buffer[: begins + 1 if begins >= 0 else len(self._buffer)]
            self._inside = begins >= 0
        ends = self._buffer.find(END, self._looked) if self._inside else -1
        if ends < 0:
            self._looked = max(0, len(self._buffer) - 1)
            return None
        message = bytes(self._buffer[:ends])
        del self._buffer[: ends + len(END)]
        self._inside, self._looked = False, 0
        return message
