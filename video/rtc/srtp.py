"""SRTP and SRTCP in place, over one buffer of the process (RFC 3711, RFC 7714), by libsrtp.

pylibsrtp copies a packet twice and allocates once per call. The fast path calls the same library on a buffer that is
there already; where the binding is not as we know it, the public functions are used.
"""

from typing import Any, Protocol

from pylibsrtp import Error, Policy, Session

from video.rtc.dtls import Profile, SrtpKeys

try:
    from pylibsrtp._binding import ffi as _ffi
    from pylibsrtp._binding import lib as _lib
except ImportError:  # the binding has moved: the public functions remain
    _ffi = _lib = None

SIZE = 2048  # bytes of a buffer
ROOM = 160  # left behind a packet for tag and index: libsrtp may write that far
WINDOW = 1024  # packets of replay protection: what a retransmission may be behind

_POLICY = {
    Profile.AEAD_AES_128_GCM: Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    Profile.AES128_CM_SHA1_80: Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
}


class Buffer:
    """Memory for one datagram that libsrtp can work on; `view` is the same memory for Python."""

    __slots__ = ("cdata", "view")

    def __init__(self) -> None:
        self.cdata: Any = None
        if _ffi is None:
            self.view = memoryview(bytearray(SIZE))
        else:
            self.cdata = _ffi.new("char[]", SIZE)
            self.view = memoryview(_ffi.buffer(self.cdata)).cast("B")

    def fill(self, data: bytes | memoryview) -> int:
        """Put a datagram in; return its size, 0 if it does not fit."""
        size = len(data)
        if size > SIZE - ROOM:
            return 0
        self.view[:size] = data
        return size


class Srtp(Protocol):
    """The SRTP sessions of both directions; a call works in place and returns the new size, 0 for what is refused."""

    def protect(self, buffer: Buffer, size: int) -> int:
        """Encrypt and sign the RTP packet in the buffer."""
        ...

    def unprotect(self, buffer: Buffer, size: int) -> int:
        """Verify and decrypt the SRTP packet in the buffer; replays are refused."""
        ...

    def protect_rtcp(self, buffer: Buffer, size: int) -> int:
        """Encrypt and sign the RTCP packet in the buffer."""
        ...

    def unprotect_rtcp(self, buffer: Buffer, size: int) -> int:
        """Verify and decrypt the SRTCP packet in the buffer."""
        ...


def _session(profile: Profile, key: bytes, ssrc_type: int) -> Session:
    policy = Policy(key=key, ssrc_type=ssrc_type, srtp_profile=_POLICY[profile])
    policy.window_size = WINDOW
    policy.allow_repeat_tx = True
    return Session(policy)


class PublicSrtp:
    """By pylibsrtp's public functions."""

    def __init__(self, keys: SrtpKeys) -> None:
        self._sending = _session(keys.profile, keys.sending, Policy.SSRC_ANY_OUTBOUND)
        self._receiving = _session(keys.profile, keys.receiving, Policy.SSRC_ANY_INBOUND)

    def protect(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        return self._apply(self._sending.protect, buffer, size)

    def unprotect(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        return self._apply(self._receiving.unprotect, buffer, size)

    def protect_rtcp(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        return self._apply(self._sending.protect_rtcp, buffer, size)

    def unprotect_rtcp(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        return self._apply(self._receiving.unprotect_rtcp, buffer, size)

    @staticmethod
    def _apply(function: Any, buffer: Buffer, size: int) -> int:
        try:
            done = function(bytes(buffer.view[:size]))
        except (Error, ValueError):  # refused, or longer than pylibsrtp's own buffer
            return 0
        buffer.view[: len(done)] = done
        return len(done)


class FastSrtp:
    """By libsrtp on the buffer itself."""

    def __init__(self, keys: SrtpKeys) -> None:
        self._sessions = (
            _session(keys.profile, keys.sending, Policy.SSRC_ANY_OUTBOUND),
            _session(keys.profile, keys.receiving, Policy.SSRC_ANY_INBOUND),
        )
        self._sending, self._receiving = (session._srtp[0] for session in self._sessions)  # noqa: SLF001  # the fast path's price; pinned
        self._size = _ffi.new("int *")
        self._protect, self._unprotect = _lib.srtp_protect, _lib.srtp_unprotect
        self._protect_rtcp, self._unprotect_rtcp = _lib.srtp_protect_rtcp, _lib.srtp_unprotect_rtcp

    def protect(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        length = self._size
        length[0] = size
        return 0 if self._protect(self._sending, buffer.cdata, length) else int(length[0])

    def unprotect(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        length = self._size
        length[0] = size
        return 0 if self._unprotect(self._receiving, buffer.cdata, length) else int(length[0])

    def protect_rtcp(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        self._size[0] = size
        return 0 if self._protect_rtcp(self._sending, buffer.cdata, self._size) else int(self._size[0])

    def unprotect_rtcp(self, buffer: Buffer, size: int) -> int:
        """See `Srtp`."""
        self._size[0] = size
        return 0 if self._unprotect_rtcp(self._receiving, buffer.cdata, self._size) else int(self._size[0])


def fast_path_works(keys: SrtpKeys) -> bool:
    """Tell whether the binding is as `FastSrtp` knows it: it must give the very bytes of the public functions."""
    if _ffi is None or _lib is None:
        return False
    packet = b"\x80\x60\x00\x01" + bytes(8) + b"payload"
    fast, public = Buffer(), Buffer()
    try:
        size = FastSrtp(keys).protect(fast, fast.fill(packet))
    except (AttributeError, TypeError):  # renamed or of another type: the public functions remain
        return False
    return size > 0 and fast.view[:size] == public.view[: PublicSrtp(keys).protect(public, public.fill(packet))]


_FAST = fast_path_works(SrtpKeys(Profile.AES128_CM_SHA1_80, bytes(30), bytes(30)))


def srtp_for(keys: SrtpKeys) -> Srtp:
    """Return the sessions of both directions, by the fast path where it holds."""
    return FastSrtp(keys) if _FAST else PublicSrtp(keys)
