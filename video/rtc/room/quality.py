"""How good somebody's line is: round trip, loss and bitrates both ways, and one word for an icon."""

from dataclasses import dataclass
from typing import Any

FAIR_LOSS, POOR_LOSS = 0.03, 0.10
FAIR_ROUND_TRIP, POOR_ROUND_TRIP = 0.3, 0.8  # seconds; ITU-T G.114: beyond 400 ms one way people talk over each other


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one seat's line; loss is the worse of both ways, None is not measured yet."""

    round_trip: float | None = None
    loss: float = 0.0
    incoming: float = 0.0  # bit/s
    outgoing: float = 0.0  # bit/s
    is_starved: bool = False  # a video pauses because the line is too thin

    @property
    def level(self) -> str:
        """Return "good", "fair" or "poor"."""
        round_trip = self.round_trip or 0.0
        if self.is_starved or self.loss > POOR_LOSS or round_trip > POOR_ROUND_TRIP:
            return "poor"
        return "fair" if self.loss > FAIR_LOSS or round_trip > FAIR_ROUND_TRIP else "good"

    def as_message(self) -> dict[str, Any]:
        """Return it as it is said."""
        return {
            "rtt_ms": None if self.round_trip is None else round(1000 * self.round_trip),
            "loss": round(self.loss, 3),
            "kbit": round((self.incoming + self.outgoing) / 1000),
            "kbit_in": round(self.incoming / 1000),
            "kbit_out": round(self.outgoing / 1000),
            "level": self.level,
        }
