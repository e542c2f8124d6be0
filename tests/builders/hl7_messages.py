"""ADT messages as a hospital's system writes them, field by field."""

from server.hl7.charset import GB_18030

CRLF = "\r"


def adt(
    trigger: str = "A01",
    *,
    control_id: str = "HIS0001",
    at: str = "20261126090000",
    bed: str = "心内^^心内-01",
    prior: str = "",
    patient: str = "880123^^^C01^PI",
    name: str = "马进财",
    charset: str = "UNICODE UTF-8",
    facility: str = "C01",
    expected: str = "",
    **fields: str,
) -> bytes:
    """Return an ADT message; `fields` replace the raw header's parts: processing, version, kind."""
    kind = fields.get("kind", f"ADT^{trigger}^ADT_{trigger}")
    processing, version = fields.get("processing", "P"), fields.get("version", "2.5.1")
    lines = [
        f"MSH|^~\\&|HIS|{facility}|LUTONG|云岭县|{at}||{kind}|{control_id}|{processing}|{version}||||||{charset}",
        f"EVN|{trigger}|{at}",
        f"PID|1||{patient}||{name}||19680305|M",
        f"PV1|1|I|{bed}|||{prior}|||||||||||||I0001",
    ]
    if expected:
        lines.append(f"PV2|||||||||{expected}")
    return CRLF.join([*lines, ""]).encode("gb18030" if charset in {GB_18030, "GBK", "GB2312"} else "utf-8")
