"""SDP read into what we negotiate about (RFC 8866, RFC 8829, RFC 8843); everything else in it is left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from video.rtc.ice import Credentials

MAX_SIZE = 65536  # characters; an offer with four simulcast sections has about 12,000
MAX_SECTIONS = 64


class InvalidSdp(ValueError):
    """The text is no session description that we can work with."""


@dataclass(frozen=True, slots=True)
class Format:
    """One payload type with its rtpmap, fmtp and rtcp-fb lines."""

    payload_type: int
    name: str  # in lower case
    clock_rate: int
    channels: int = 1
    parameters: str = ""
    feedback: tuple[str, ...] = ()

    def parameter(self, name: str) -> str:
        """Return one fmtp parameter, "" without it."""
        for each in self.parameters.split(";"):
            key, _, value = each.strip().partition("=")
            if key.lower() == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Section:
    """One m-section."""

    kind: str
    protocol: str
    formats: tuple[Format, ...]
    mid: str
    direction: str = "sendrecv"
    rejected: bool = False
    credentials: Credentials | None = None
    fingerprint: str = ""  # sha-256 only
    setup: str = ""
    extensions: tuple[tuple[int, str], ...] = ()
    ssrcs: tuple[int, ...] = ()
    repairs: tuple[tuple[int, int], ...] = ()  # SSRC of RTX, SSRC that it repairs (RFC 5576 §4.2, FID)
    cname: str = ""
    rids: tuple[str, ...] = ()  # that are sent, in the order of a=simulcast (RFC 8853)
    muxed: bool = False

    @property
    def sends(self) -> bool:
        """Tell whether media come in this section."""
        return self.direction in {"sendrecv", "sendonly"}


@dataclass(frozen=True, slots=True)
class Description:
    """A session description."""

    sections: tuple[Section, ...]
    bundle: tuple[str, ...] = ()

    @property
    def transport(self) -> Section:
        """The section that carries the transport of the bundle (RFC 8843 §7.2).

        Raises
        ------
        InvalidSdp
            No section that stands has ICE credentials and a sha-256 fingerprint.
        """
        for section in self.sections:
            if not section.rejected and section.credentials is not None and section.fingerprint:
                return section
        raise InvalidSdp("no section has ICE credentials and a sha-256 fingerprint")


Lines = list[tuple[str, str]]


def parse(text: str) -> Description:
    """Read a session description.

    Raises
    ------
    InvalidSdp
        It is too long, or a line in it is not as its RFC says.
    """
    if len(text) > MAX_SIZE:
        raise InvalidSdp("longer than any offer")
    groups = _sections_of(text)
    if len(groups) > MAX_SECTIONS + 1:
        raise InvalidSdp("too many sections")
    try:
        session = _attributes(groups[0])
        sections = tuple(_section(group, session) for group in groups[1:])
    except (ValueError, IndexError) as error:
        raise InvalidSdp("a line is not as it should be") from error
    mids = [section.mid for section in sections]
    if len(set(mids)) != len(mids):
        raise InvalidSdp("two sections have one mid")
    bundle = next((value.split()[1:] for value in _all(session, "group") if value.startswith("BUNDLE")), [])
    return Description(sections, tuple(bundle))


def _sections_of(text: str) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("m="):
            groups.append([])
        if line:
            groups[-1].append(line)
    return groups


def _attributes(lines: list[str]) -> Lines:
    found = (line[2:].partition(":") for line in lines if line.startswith("a="))
    return [(name, value.strip()) for name, _, value in found]


def _all(lines: Lines, name: str) -> Iterator[str]:
    return (value for key, value in lines if key == name)


def _one(name: str, *levels: Lines) -> str:
    """Return the attribute from the section, else from the session."""
    return next((value for lines in levels for value in _all(lines, name)), "")


def _section(lines: list[str], session: Lines) -> Section:
    kind, port, protocol, *payload_types = lines[0][2:].split()
    own = _attributes(lines)
    ufrag, password = _one("ice-ufrag", own, session), _one("ice-pwd", own, session)
    prints = [each.split() for each in [*_all(own, "fingerprint"), *_all(session, "fingerprint")]]
    names = {name for name, _ in own}
    directions = [each for each in ("sendrecv", "sendonly", "recvonly", "inactive") if each in names]
    return Section(
        kind=kind,
        protocol=protocol,
        formats=_formats(own, payload_types) if kind in {"audio", "video"} else (),
        mid=_one("mid", own),
        direction=directions[0] if directions else "sendrecv",
        rejected=port == "0" and "bundle-only" not in names,
        credentials=Credentials(ufrag, password) if ufrag and password else None,
        fingerprint=next((value.upper() for algorithm, value in prints if algorithm.lower() == "sha-256"), ""),
        setup=_one("setup", own, session),
        extensions=tuple(_extensions(own)),
        ssrcs=tuple(dict.fromkeys(int(value.split()[0]) for value in _all(own, "ssrc"))),
        repairs=tuple(_repairs(own)),
        cname=next((value.partition("cname:")[2] for value in _all(own, "ssrc") if " cname:" in value), ""),
        rids=_rids(own),
        muxed="rtcp-mux" in names,
    )


def _formats(own: Lines, payload_types: list[str]) -> tuple[Format, ...]:
    maps = dict(value.split(None, 1) for value in _all(own, "rtpmap"))
    parameters = dict(value.split(None, 1) for value in _all(own, "fmtp"))
    feedback = [tuple(value.split(None, 1)) for value in _all(own, "rtcp-fb")]
    found = []
    for each in payload_types:
        if each not in maps:
            continue  # a static type (RFC 3551): none of them is forwarded
        name, rate, *channels = maps[each].split("/")
        wanted = tuple(line[1] for line in feedback if line[0] in {each, "*"})
        found.append(
            Format(
                int(each),
                name.lower(),
                int(rate),
                int(channels[0]) if channels else 1,
                parameters.get(each, ""),
                wanted,
            )
        )
    return tuple(found)


def _extensions(own: Lines) -> Iterator[tuple[int, str]]:
    for value in _all(own, "extmap"):
        number, uri, *_ = value.split()
        yield int(number.partition("/")[0]), uri


def _repairs(own: Lines) -> Iterator[tuple[int, int]]:
    for value in _all(own, "ssrc-group"):
        semantics, *ssrcs = value.split()
        if semantics == "FID" and len(ssrcs) == 2:
            yield int(ssrcs[1]), int(ssrcs[0])


def _rids(own: Lines) -> tuple[str, ...]:
    sent = [value.split()[0] for value in _all(own, "rid") if value.split()[1] == "send"]
    simulcast = _one("simulcast", own).split()
    if "send" not in simulcast:
        return tuple(sent)
    listed = simulcast[simulcast.index("send") + 1].split(";")
    first_choices = [each.split(",")[0].lstrip("~") for each in listed]
    return tuple(each for each in first_choices if each in sent)
