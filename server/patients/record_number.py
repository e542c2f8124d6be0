"""The health record number: 17 digits, area and serial (domain 2.11)."""


def record_number(area: str, serial: int) -> str:
    """Return the number of the serial-th record of an area.

    Parameters
    ----------
    area
        Twelve digits: division 6, township 3, village 3. The number carries all of them.

    Raises
    ------
    ValueError
        When the area is ill-formed or its 99,999 numbers are used up.
    """
    if len(area) != 12 or not area.isdigit() or not 1 <= serial <= 99_999:
        msg = f"no record number for area {area!r}, serial {serial}"
        raise ValueError(msg)
    return f"{area}{serial:05d}"
