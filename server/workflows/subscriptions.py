"""Who reacts to what: event type -> names of handlers. Names only: whoever publishes carries none of their work."""

from collections.abc import Mapping, Sequence

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = {
    "studies.started": ("imaging.study-started",),
    "studies.filled": ("imaging.study-filled",),
    "studies.extended": ("imaging.study-extended",),
    "studies.set-aside": ("imaging.study-set-aside",),
    "uploads.done": ("imaging.upload-done",),
    "reports.released": ("delivery.report-released",),
    "reading-orders.critical-declared": ("referrals.critical-declared",),
    "referrals.admitted": ("adt.admitted",),
    "referrals.discharged": ("adt.discharged",),
    "beds.occupied": ("adt.bed-occupied",),
}
