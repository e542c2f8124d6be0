"""Our side of offer and answer: what a participant publishes we answer, what it subscribes to we offer (RFC 8829).

One bundle, one transport, RTCP beside RTP. ICE-lite with our few addresses as host candidates, sha-256 only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from video.rtc.dtls import Role
from video.rtc.ice import Credentials
from video.rtc.payload import CLOCK_RATE, Codec
from video.rtc.rtp import Extension
from video.rtc.sdp import Description, Format, InvalidSdp, Section

OPUS_PARAMETERS = "minptime=10;useinbandfec=1"  # in-band FEC survives single losses (RFC 7587 §6.1)
VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
PROTOCOL = "UDP/TLS/RTP/SAVPF"
# What we number in our own offers; a publisher's offer brings its numbers.
EXTENSION_NUMBERS = {Extension.ABS_SEND_TIME: 2, Extension.AUDIO_LEVEL: 3}
_FIRST_PAYLOAD_TYPE = {Codec.OPUS: 111, Codec.RED: 63, Codec.VP8: 96, Codec.H264: 102}
_VIDEO_ORDER = (Codec.VP8, Codec.H264)
# Encoding names match whatever their case (RFC 4855 §3); Chromium encodes nothing for a "vp8" in an answer.
_SPELLED = {"vp8": "VP8", "h264": "H264"}
_HOST_PRIORITY = {"udp": 2130706431, "tcp": 1671430143}  # RFC 8445 §5.1.2.1, RFC 6544 §4.2


@dataclass(frozen=True, slots=True)
class Local:
    """What our descriptions say of our transport."""

    credentials: Credentials
    fingerprint: str
    candidates: tuple[tuple[str, str, int], ...]  # "udp" or "tcp", address, port


@dataclass(frozen=True, slots=True)
class Incoming:
    """A media section that we receive, by the publisher's own numbers."""

    mid: str
    kind: str
    codecs: dict[int, Codec]
    parameters: str  # fmtp of the video codec
    repairs: dict[int, int]  # payload type of RTX, of what it repairs (RFC 4588 §8)
    extensions: dict[int, Extension]
    ssrcs: tuple[int, ...]
    repair_ssrcs: dict[int, int]
    rids: tuple[str, ...]
    cname: str
    feedback: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A media section that we send.

    `codec` of audio is Opus, `red` says whether RED may come with it; `codec` of video is what the publisher sends.
    """

    mid: str
    kind: str
    codec: Codec
    ssrc: int
    repair_ssrc: int
    cname: str
    stream: str
    parameters: str = ""
    red: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Offered:
    """An outgoing section with the payload types that our offer gives it."""

    media: Outgoing
    payload_type: int
    repair_payload_type: int = 0
    red_payload_type: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a subscriber's answer leaves of an offered section."""

    offered: Offered
    rtx: bool
    red: bool


def role_of(remote: Section, *, offered_by_us: bool) -> Role:
    """Return our DTLS role: passive where the peer leaves it to us (RFC 8842 §5.3).

    Raises
    ------
    InvalidSdp
        The peer's a=setup leaves no role to us.
    """
    if remote.setup == "passive":
        return Role.CLIENT
    if remote.setup == "active" or (remote.setup == "actpass" and not offered_by_us):
        return Role.SERVER
    raise InvalidSdp(f"a=setup:{remote.setup} leaves us no role")


# -- what a participant publishes -------------------------------------------------------------------------------


def answer(offer: Description, local: Local, *, session: int, version: int = 1) -> tuple[str, list[Incoming]]:
    """Answer a publisher's offer; return the description and what will come of the sections that send.

    Raises
    ------
    InvalidSdp
        Without transport, bundle or RTCP beside RTP there is nothing that we can take.
    """
    role = role_of(offer.transport, offered_by_us=False)
    taken: list[Incoming] = []
    mids: list[str] = []
    lines: list[str] = []
    for section in offer.sections:
        chosen = _choose(section) if section.mid in offer.bundle else []
        if not chosen:
            lines += _rejected(section)
            continue
        if not section.muxed:
            raise InvalidSdp("no a=rtcp-mux")
        incoming = _incoming(section, chosen)
        mids.append(section.mid)
        if section.sends:
            taken.append(incoming)
        lines += [*_begin(section.kind, section.mid, chosen, local, role.value), *_answered(section, incoming, chosen)]
    return _text([*_head(session, mids, version), *lines]), taken


def _choose(section: Section) -> list[Format]:
    """Return the formats that we take: Opus and RED, or one video codec with its RTX."""
    if section.rejected or section.kind not in {"audio", "video"}:
        return []
    if section.kind == "audio":
        opus = next((each for each in section.formats if each.name == Codec.OPUS), None)
        if opus is None:
            return []
        red = [each for each in section.formats if each.name == Codec.RED and each.clock_rate == opus.clock_rate]
        return [opus, *red[:1]]
    for codec in _VIDEO_ORDER:
        for each in section.formats:
            if each.name == codec and (codec is not Codec.H264 or each.parameter("packetization-mode") == "1"):
                wanted = str(each.payload_type)
                rtx = (one for one in section.formats if one.name == Codec.RTX and one.parameter("apt") == wanted)
                return [each, *list(rtx)[:1]]
    return []


def _incoming(section: Section, chosen: list[Format]) -> Incoming:
    known = {str(each): each for each in Extension}
    return Incoming(
        mid=section.mid,
        kind=section.kind,
        codecs={each.payload_type: Codec(each.name) for each in chosen if each.name != Codec.RTX},
        parameters=chosen[0].parameters,
        repairs={each.payload_type: chosen[0].payload_type for each in chosen if each.name == Codec.RTX},
        extensions={number: known[uri] for number, uri in section.extensions if uri in known},
        ssrcs=tuple(each for each in section.ssrcs if each not in dict(section.repairs)),
        repair_ssrcs=dict(section.repairs),
        rids=section.rids,
        cname=section.cname,
        feedback=frozenset(chosen[0].feedback),
    )


def _answered(section: Section, incoming: Incoming, chosen: list[Format]) -> Iterator[str]:
    yield f"a={'recvonly' if section.sends else 'inactive'}"
    for each in chosen:
        yield from _format(each, OPUS_PARAMETERS if each.name == Codec.OPUS else each.parameters)
        wanted = (*VIDEO_FEEDBACK, "transport-cc") if section.kind == "video" else ("transport-cc",)
        yield from (f"a=rtcp-fb:{each.payload_type} {one}" for one in wanted if one in each.feedback)
    for number, uri in section.extensions:
        if number in incoming.extensions:
            yield f"a=extmap:{number} {uri}"
    if incoming.rids:
        yield from (f"a=rid:{rid} recv" for rid in incoming.rids)
        yield f"a=simulcast:recv {';'.join(incoming.rids)}"


# -- what a participant subscribes to ---------------------------------------------------------------------------


def offer(media: Sequence[Outgoing], local: Local, *, session: int, version: int) -> tuple[str, list[Offered]]:
    """Offer streams to a subscriber; `version` rises with each offer of a session (RFC 8829 §5.2.2)."""
    numbered = _number(media)
    lines: list[str] = []
    for each in numbered:
        formats = _offered_formats(each)
        lines += _begin(each.media.kind, each.media.mid, formats, local, "actpass")
        lines += _sent(each, formats)
    return _text([*_head(session, [each.media.mid for each in numbered], version), *lines]), numbered


def _number(media: Sequence[Outgoing]) -> list[Offered]:
    """Give payload types: in a bundle one number means one codec with one set of parameters (RFC 8843 §9.1)."""
    given: dict[tuple[Codec, str], int] = {}
    numbered = []
    for each in media:
        key = (each.codec, each.parameters if each.kind == "video" else "")
        if key not in given:
            given[key] = _FIRST_PAYLOAD_TYPE[each.codec] + 2 * sum(codec is each.codec for codec, _ in given)
        number = given[key]
        if each.kind == "audio":
            numbered.append(Offered(each, number, red_payload_type=_FIRST_PAYLOAD_TYPE[Codec.RED] if each.red else 0))
        else:
            numbered.append(Offered(each, number, repair_payload_type=number + 1))
    return numbered


def _offered_formats(each: Offered) -> list[Format]:
    rate = CLOCK_RATE[each.media.codec]
    if each.media.kind == "audio":
        opus = Format(each.payload_type, "opus", rate, 2, OPUS_PARAMETERS)
        blocks = f"{each.payload_type}/{each.payload_type}"
        red = [Format(each.red_payload_type, "red", rate, 2, blocks)] if each.red_payload_type else []
        return [*red, opus]
    media = Format(each.payload_type, each.media.codec, rate, 1, each.media.parameters, VIDEO_FEEDBACK)
    return [media, Format(each.repair_payload_type, "rtx", rate, 1, f"apt={each.payload_type}")]


def _sent(each: Offered, formats: list[Format]) -> Iterator[str]:
    media = each.media
    yield f"a={'sendonly' if media.active else 'inactive'}"
    for one in formats:
        yield from _format(one, one.parameters)
        yield from (f"a=rtcp-fb:{one.payload_type} {wanted}" for wanted in one.feedback)
    for extension, number in EXTENSION_NUMBERS.items():
        if media.kind == "audio" or extension is not Extension.AUDIO_LEVEL:
            yield f"a=extmap:{number} {extension}"
    yield f"a=msid:{media.stream} {media.stream}-{media.kind}"
    ssrcs = [media.ssrc]
    if each.repair_payload_type:
        ssrcs.append(media.repair_ssrc)
        yield f"a=ssrc-group:FID {media.ssrc} {media.repair_ssrc}"
    yield from (f"a=ssrc:{ssrc} cname:{media.cname}" for ssrc in ssrcs)


def taken(description: Description, offered: Iterable[Offered]) -> list[Taken]:
    """Return what a subscriber's answer takes of our offer, by its mids."""
    sections = {section.mid: section for section in description.sections}
    found = []
    for each in offered:
        section = sections.get(each.media.mid)
        if section is None or section.rejected or section.direction not in {"recvonly", "sendrecv"}:
            continue
        numbers = {one.payload_type for one in section.formats}
        if each.payload_type in numbers:
            red = bool(each.red_payload_type) and each.red_payload_type in numbers
            found.append(Taken(each, rtx=each.repair_payload_type in numbers, red=red))
    return found


# -- lines ------------------------------------------------------------------------------------------------------


def _head(session: int, mids: list[str], version: int = 1) -> list[str]:
    head = ["v=0", f"o=- {session} {version} IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite"]
    return [*head, *([f"a=group:BUNDLE {' '.join(mids)}"] if mids else []), "a=msid-semantic: WMS *"]


def _begin(kind: str, mid: str, formats: Sequence[Format], local: Local, setup: str) -> Iterator[str]:
    numbers = " ".join(str(each.payload_type) for each in formats)
    yield f"m={kind} 9 {PROTOCOL} {numbers}"
    yield "c=IN IP4 0.0.0.0"
    yield "a=rtcp:9 IN IP4 0.0.0.0"
    yield f"a=mid:{mid}"
    yield f"a=ice-ufrag:{local.credentials.ufrag}"
    yield f"a=ice-pwd:{local.credentials.password}"
    yield f"a=fingerprint:sha-256 {local.fingerprint}"
    yield f"a=setup:{setup}"
    yield "a=rtcp-mux"
    yield "a=rtcp-rsize"
    for number, (transport, address, port) in enumerate(local.candidates, start=1):
        passive = " tcptype passive" if transport == "tcp" else ""
        priority = _HOST_PRIORITY[transport] - 256 * (number - 1)
        yield f"a=candidate:{number} 1 {transport} {priority} {address} {port} typ host{passive}"
    yield "a=end-of-candidates"


def _format(each: Format, parameters: str) -> Iterator[str]:
    channels = f"/{each.channels}" if each.channels > 1 else ""
    yield f"a=rtpmap:{each.payload_type} {_SPELLED.get(each.name, each.name)}/{each.clock_rate}{channels}"
    if parameters:
        yield f"a=fmtp:{each.payload_type} {parameters}"


def _rejected(section: Section) -> list[str]:
    """Refuse a section, which keeps its place (RFC 3264 §6)."""
    numbers = " ".join(str(each.payload_type) for each in section.formats) or "0"
    form = "webrtc-datachannel" if section.kind == "application" else numbers
    line = f"m={section.kind} 0 {section.protocol} {form}"
    return [line, "c=IN IP4 0.0.0.0", *([f"a=mid:{section.mid}"] if section.mid else []), "a=inactive"]


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)
