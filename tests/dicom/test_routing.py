"""Who reads what, until when, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime

from dicom.model import Agreement, Centre, Kind, Priority
from dicom.routing import Limit, NoRoute, Question, Route, Rules, kind_of, limit_minutes, route

WEEKDAYS = (1, 2, 3, 4, 5)
ECG = Centre("ECG", "C01", Kind.ECG, "心电诊断中心", ("ECG",), "08:00", "18:00", WEEKDAYS, True, "0120")
RAD = Centre(
    "RAD", "C01", Kind.RADIOLOGY, "放射中心", ("DX", "CR", "CT", "MR", "MG"), "08:00", "18:00", WEEKDAYS, True, ""
)
IMG = Centre("IMG", "C01", Kind.IMAGING, "影像中心", ("US", "ES", "OT"), "08:00", "18:00", WEEKDAYS, False, "")
CENTRES = (ECG, RAD, IMG)
AGREEMENTS = (Agreement("A-T01-C01", "T01", "C01", ("ecg", "radiology"), date(2020, 1, 1), date(2026, 12, 31)),)
RULES = Rules(
    3,
    (
        Limit(Kind.RADIOLOGY, Priority.EMERGENCY, 60),
        Limit(Kind.RADIOLOGY, Priority.EMERGENCY, 30, "DX"),
        Limit(Kind.RADIOLOGY, Priority.ROUTINE, 120),
        Limit(Kind.ECG, Priority.EMERGENCY, 15),
    ),
)
NAMES = {"C01": "云岭县人民医院"}
MONDAY_MORNING = datetime(2026, 11, 23, 0, 20, tzinfo=UTC)  # 08:20 in the county
SUNDAY_NIGHT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # 23:00


def decide(question: Question, *, rules: Rules = RULES, now: datetime = MONDAY_MORNING) -> Route | NoRoute:
    return route(question, CENTRES, AGREEMENTS, rules, organizations=NAMES, now=now)


def test_an_emergency_dx_goes_to_radiology_even_at_night_and_says_why() -> None:
    decided = decide(Question("T01", Priority.EMERGENCY, ("DX",)), now=SUNDAY_NIGHT)
    assert isinstance(decided, Route)
    assert (decided.centre.id, decided.limit_minutes, decided.rule_version) == ("RAD", 30, 3)
    assert decided.reason.zh == "DX → 放射中心（云岭县人民医院）；协议 A-T01-C01 有效；急诊全天值班"


def test_the_modality_decides_and_companions_do_not() -> None:
    assert kind_of(("SR", "DX"), CENTRES) is Kind.RADIOLOGY
    assert kind_of(("ECG",), ()) is Kind.ECG
    assert kind_of((), CENTRES) is Kind.IMAGING


def test_the_most_exact_limit_holds() -> None:
    assert limit_minutes(RULES, Kind.RADIOLOGY, "CT", Priority.EMERGENCY) == 60
    assert limit_minutes(RULES, Kind.RADIOLOGY, "DX", Priority.EMERGENCY) == 30


def test_an_unknown_modality_has_no_route() -> None:
    decided = decide(Question("T01", Priority.ROUTINE, ("XC",)))
    assert isinstance(decided, NoRoute)
    assert decided.code == "NO_CENTRE"


def test_without_a_valid_agreement_for_the_service_there_is_no_route() -> None:
    for question, now in (
        (Question("T02", Priority.ROUTINE, ("DX",)), MONDAY_MORNING),
        (Question("T01", Priority.ROUTINE, ("US",)), MONDAY_MORNING),
        (Question("T01", Priority.ROUTINE, ("DX",)), MONDAY_MORNING.replace(year=2027)),
    ):
        decided = decide(question, now=now)
        assert isinstance(decided, NoRoute)
        assert decided.code == "AGREEMENT_REQUIRED"


def test_a_closed_centre_is_no_route_unless_there_is_a_fallback_or_the_rule_lets_it_wait() -> None:
    question = Question("T01", Priority.ROUTINE, ("DX",))
    closed = decide(question, now=SUNDAY_NIGHT)
    assert isinstance(closed, NoRoute)
    assert closed.code == "CLOSED"
    waiting = decide(question, rules=replace(RULES, wait_for_opening=True), now=SUNDAY_NIGHT)
    assert isinstance(waiting, Route)
    assert waiting.opens_at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert "11-23 08:00 开门后起算" in waiting.reason.zh
    night = Centre("NIGHT", "C01", Kind.RADIOLOGY, "夜班", (), "00:00", "24:00", (1, 2, 3, 4, 5, 6, 7), True, "")
    with_night = (replace(RAD, fallback_centre_id="NIGHT"), night)
    taken = route(question, with_night, AGREEMENTS, RULES, organizations=NAMES, now=SUNDAY_NIGHT)
    assert isinstance(taken, Route)
    assert taken.centre.id == "NIGHT"
    assert "备班" in taken.reason.zh
