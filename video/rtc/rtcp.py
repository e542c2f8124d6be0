"""RTCP packets, read from and written to compound packets (RFC 3550 §6, RFC 4585 §6, RFC 5104 §4.3.1, REMB)."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from video.rtc.twcc import TransportFeedback, build_feedback, read_feedback

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
_NACK, _TWCC = 1, 15
_PLI, _FIR, _AFB = 1, 4, 15
_CNAME = 1
_REPORT = struct.Struct(">IIIIII")
NTP_EPOCH = 2208988800  # seconds from 1900 to 1970


class InvalidRtcp(ValueError):
    """The bytes are no RTCP packet."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What one receiver got of one stream (RFC 3550 §6.4.1)."""

    ssrc: int
    fraction_lost: int  # of 256
    cumulative_lost: int
    highest_sequence: int
    jitter: int  # timestamp units
    last_sr: int  # middle 32 bits of its NTP time, 0 without one
    delay_since_last_sr: int  # of 65536 in a second


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender sent, and when in wall time its timestamps are (RFC 3550 §6.4.1)."""

    ssrc: int
    ntp: int  # 32.32 fixed point
    timestamp: int
    packets: int
    octets: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """Report blocks of somebody who sends nothing (RFC 3550 §6.4.2)."""

    ssrc: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """The canonical name that ties a participant's streams together (RFC 3550 §6.5.1)."""

    ssrc: int
    cname: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Streams that end (RFC 3550 §6.6)."""

    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers that did not arrive (RFC 4585 §6.2.1)."""

    sender: int
    media: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureLoss:
    """A decoder cannot go on: it asks for a key frame (RFC 4585 §6.3.1)."""

    sender: int
    media: int


@dataclass(frozen=True, slots=True)
class FullIntraRequest:
    """The same, for each of some streams (RFC 5104 §4.3.1)."""

    sender: int
    requested: tuple[tuple[int, int], ...]  # SSRC and command number


@dataclass(frozen=True, slots=True)
class Remb:
    """What a receiver takes all streams together for (draft-alvestrand-rmcat-remb-03 §2.2)."""

    sender: int
    bitrate: int
    ssrcs: tuple[int, ...]


Rtcp = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Goodbye
    | Nack
    | PictureLoss
    | FullIntraRequest
    | Remb
    | TransportFeedback
)


def parse(data: bytes) -> list[Rtcp]:
    """Read a compound packet, or a reduced-size one (RFC 5506); packets of other types are left out.

    Raises
    ------
    InvalidRtcp
        A length leads outside, or the version is not 2.
    """
    found: list[Rtcp] = []
    at = 0
    while at < len(data):
        if len(data) - at < 4 or data[at] >> 6 != 2:
            raise InvalidRtcp("no RTCP header")
        end = at + 4 + 4 * struct.unpack_from(">H", data, at + 2)[0]
        if end > len(data):
            raise InvalidRtcp("a packet is longer than its datagram")
        body = data[at + 4 : end]
        if data[at] & 0x20:
            body = _without_padding(body)
        try:
            found += _read(data[at + 1], data[at] & 0x1F, body)
        except (struct.error, IndexError) as error:
            raise InvalidRtcp("a packet is shorter than it says") from error
        at = end
    return found


def _without_padding(body: bytes) -> bytes:
    if not body or not 0 < body[-1] <= len(body):
        raise InvalidRtcp("padding leads outside")
    return body[: -body[-1]]


def _read(kind: int, count: int, body: bytes) -> Iterable[Rtcp]:
    if kind == SR:
        ssrc, ntp, timestamp, packets, octets = struct.unpack_from(">IQIII", body)
        return [SenderReport(ssrc, ntp, timestamp, packets, octets, _reports(body, 24, count))]
    if kind == RR:
        return [ReceiverReport(struct.unpack_from(">I", body)[0], _reports(body, 4, count))]
    if kind == SDES:
        return _read_sdes(count, body)
    if kind == BYE:
        return [Goodbye(struct.unpack_from(f">{count}I", body))]
    if kind in {RTPFB, PSFB}:
        sender, media = struct.unpack_from(">II", body)
        return (_read_rtpfb if kind == RTPFB else _read_psfb)(count, sender, media, body[8:])
    return []


def _reports(body: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for index in range(count):
        ssrc, lost, highest, jitter, last_sr, delay = _REPORT.unpack_from(body, at + 24 * index)
        cumulative = lost & 0xFFFFFF
        cumulative -= (cumulative & 0x800000) << 1  # 24 bits, signed
        blocks.append(ReportBlock(ssrc, lost >> 24, cumulative, highest, jitter, last_sr, delay))
    return tuple(blocks)


def _read_sdes(count: int, body: bytes) -> list[Rtcp]:
    found: list[Rtcp] = []
    at = 0
    for _ in range(count):
        ssrc = struct.unpack_from(">I", body, at)[0]
        at += 4
        while body[at]:
            if body[at] == _CNAME:
                found.append(SourceDescription(ssrc, body[at + 2 : at + 2 + body[at + 1]].decode("utf-8", "replace")))
            at += 2 + body[at + 1]
        at += 4 - at % 4
    return found


def _read_rtpfb(kind: int, sender: int, media: int, fci: bytes) -> list[Rtcp]:
    if kind == _TWCC:
        return [read_feedback(sender, media, fci)]
    if kind != _NACK:
        return []
    lost: list[int] = []
    for first, mask in struct.iter_unpack(">HH", fci[: len(fci) & ~3]):
        lost.append(first)
        lost += [first + 1 + bit & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return [Nack(sender, media, tuple(lost))]


def _read_psfb(kind: int, sender: int, media: int, fci: bytes) -> list[Rtcp]:
    if kind == _PLI:
        return [PictureLoss(sender, media)]
    if kind == _FIR:
        entries = struct.iter_unpack(">IB3x", fci[: len(fci) & ~7])
        return [FullIntraRequest(sender, tuple((ssrc, number) for ssrc, number in entries))]
    if kind == _AFB and fci[:4] == b"REMB":
        coded = struct.unpack_from(">I", fci, 4)[0]
        return [Remb(sender, (coded & 0x3FFFF) << (coded >> 18 & 0x3F), struct.unpack_from(f">{coded >> 24}I", fci, 8))]
    return []


def build(packets: Iterable[Rtcp]) -> bytes:
    """Write a compound packet."""
    return b"".join(_write(packet) for packet in packets)


def _write(packet: Rtcp) -> bytes:
    match packet:
        case SenderReport(ssrc, ntp, timestamp, sent, octets, reports):
            body = struct.pack(">IQIII", ssrc, ntp, timestamp, sent & 0xFFFFFFFF, octets & 0xFFFFFFFF)
            return _packet(SR, len(reports), body + _write_reports(reports))
        case ReceiverReport(ssrc, reports):
            return _packet(RR, len(reports), struct.pack(">I", ssrc) + _write_reports(reports))
        case SourceDescription(ssrc, cname):
            name = cname.encode()
            item = struct.pack(">IBB", ssrc, _CNAME, len(name)) + name
            return _packet(SDES, 1, item + bytes(4 - len(item) % 4))
        case Goodbye(ssrcs):
            return _packet(BYE, len(ssrcs), struct.pack(f">{len(ssrcs)}I", *ssrcs))
        case _:
            return _write_feedback(packet)


def _write_feedback(packet: Nack | PictureLoss | FullIntraRequest | Remb | TransportFeedback) -> bytes:
    match packet:
        case Nack(sender, media, lost):
            return _packet(RTPFB, _NACK, struct.pack(">II", sender, media) + _write_lost(lost))
        case PictureLoss(sender, media):
            return _packet(PSFB, _PLI, struct.pack(">II", sender, media))
        case FullIntraRequest(sender, requested):
            entries = b"".join(struct.pack(">IB3x", ssrc, number & 0xFF) for ssrc, number in requested)
            return _packet(PSFB, _FIR, struct.pack(">II", sender, 0) + entries)
        case Remb(sender, bitrate, ssrcs):
            exponent = max(0, bitrate.bit_length() - 18)
            coded = len(ssrcs) << 24 | exponent << 18 | bitrate >> exponent
            body = struct.pack(f">II4sI{len(ssrcs)}I", sender, 0, b"REMB", coded, *ssrcs)
            return _packet(PSFB, _AFB, body)
        case TransportFeedback():
            fci = build_feedback(packet)
            return _packet(RTPFB, _TWCC, struct.pack(">II", packet.sender, packet.media) + fci)


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0x80 | count, kind, len(body) // 4) + body


def _write_reports(reports: Sequence[ReportBlock]) -> bytes:
    return b"".join(
        _REPORT.pack(
            each.ssrc,
            each.fraction_lost << 24 | max(-0x800000, min(each.cumulative_lost, 0x7FFFFF)) & 0xFFFFFF,
            each.highest_sequence,
            each.jitter,
            each.last_sr,
            each.delay_since_last_sr,
        )
        for each in reports
    )


def _write_lost(lost: Sequence[int]) -> bytes:
    """Pack sequence numbers in the order of sending into first and mask of the sixteen that follow."""
    pairs: list[list[int]] = []
    for number in lost:
        distance = number - pairs[-1][0] - 1 & 0xFFFF if pairs else 16
        if distance < 16:
            pairs[-1][1] |= 1 << distance
        else:
            pairs.append([number, 0])
    return b"".join(struct.pack(">HH", *pair) for pair in pairs)
