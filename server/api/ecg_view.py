"""How an ECG's head looks on the wire; the decoder writes it (`dicom.ecg.transport`), these classes describe it."""

from collections.abc import Mapping, Sequence

from server.api.endpoint import View


class EcgFilters(View):
    """Filters that the device says it applied, in Hz."""

    low_hz: float | None
    high_hz: float | None
    notch_hz: float | None


class EcgGroup(View):
    """Leads recorded together, and where their samples lie in the body of `…/ecg/samples`."""

    kind: str
    label: str
    leads: Sequence[str]
    samples_per_lead: int
    sampling_rate_hz: float
    start_offset_s: float
    byte_offset: int
    byte_length: int
    microvolts_per_count: Sequence[float]
    microvolts_at_zero: Sequence[float]
    filters: EcgFilters
    lossless: bool


class EcgDeviceMeasurement(View):
    """A number that the device stored beside the waveform."""

    name: str
    value: float
    unit: str


class EcgMeasurements(View):
    """What the machine measured: ms, mV and degrees; null where it could not."""

    heart_rate_bpm: int | None
    rr_longest_ms: int | None
    irregular: bool
    p_waves: bool | None
    pr_ms: int | None
    qrs_ms: int | None
    qt_ms: int | None
    qtc_ms: int | None
    qtc_formula: str
    axis_deg: int | None
    st_mv: Mapping[str, float]
    beats: int
    excluded_leads: Sequence[str]


class EcgQuality(View):
    """Something wrong with the recording; without a lead it concerns all of it."""

    flag: str
    lead: str | None


class EcgSuspicion(View):
    """Something the machine suspects, with the number that made it."""

    code: str
    leads: Sequence[str]
    value: float
    unit: str
    text: str
    limits_version: str


class EcgOpinion(View):
    """What the machine thinks; nobody has confirmed it."""

    label: str
    confirmed: bool
    measurements: EcgMeasurements
    incomplete: bool
    quality: Sequence[EcgQuality]
    suspicions: Sequence[EcgSuspicion]


class EcgView(View):
    """The newest ECG of a study: its groups, the device's words, the machine's opinion."""

    version: int
    encoding: str
    groups: Sequence[EcgGroup]
    device_measurements: Sequence[EcgDeviceMeasurement]
    device_statements: Sequence[str]
    opinion: EcgOpinion
    sop_instance_uid: str
    prior_study_uid: str | None
