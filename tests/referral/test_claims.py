"""What a ticket and its patient put before the rule of the beds: everything that a claim has is filled from them."""

from dataclasses import MISSING, fields, replace
from datetime import date

from referral.beds import Claim
from referral.model import Needs
from referral.ports import PatientFacts
from referral.service.ground import Act
from referral.service.queue import claim_of
from referral.tickets import SYSTEM
from tests.builders.tickets import MORNING, UP

# A claim is made of a ticket and of plain facts: nothing is looked up on the way.
ACT = Act(None, SYSTEM, MORNING, str, "{}{}".format, "{}{}".format)  # type: ignore[arg-type]


def test_every_fact_that_the_rule_may_look_at_comes_from_the_ticket_or_the_patient() -> None:
    ticket = replace(UP, manual_rank=2, manual_reason="临产", needs=Needs("产科", isolation=True))
    patient = PatientFacts("P1", "female", date(1998, 11, 24), bed_priority=True, provisional=True)
    claim = claim_of(ticket, patient, ACT)
    unfilled = {f.name for f in fields(Claim) if f.default is not MISSING and getattr(claim, f.name) == f.default}
    assert unfilled == set()
    assert {f.name for f in fields(PatientFacts) if not getattr(patient, f.name)} == set()
    assert claim.age == 27, "tomorrow is her birthday"


def test_a_birthday_counts_from_its_day_and_an_unknown_one_is_no_age() -> None:
    born = PatientFacts("P1", "female", date(2008, 2, 29), bed_priority=False)
    assert [born.age(day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29))] == [17, 18, 20]
    assert replace(born, birth_date=None).age(date(2026, 3, 1)) is None
