"""The upper layer's table against a signed rendering, and against an independent reading of the standard."""

import pytest
from pynetdicom.fsm import TRANSITION_TABLE

from dicom.network.states import TRANSITIONS, Action, State, Trigger, next_state, render
from tests.golden import golden


def test_the_table_is_the_one_that_was_read_beside_the_standard() -> None:
    golden("dicom/association.txt", render())


def test_pynetdicom_reads_table_9_10_as_we_do() -> None:
    ours = {(str(trigger), str(state)): str(action) for (trigger, state), action in TRANSITIONS.items()}
    assert ours == TRANSITION_TABLE


@pytest.mark.parametrize(("requestor", "state"), [(True, State.COLLISION_REQUESTOR_LOCAL), (False, "Sta10")])
def test_a_release_collision_depends_on_who_asked_for_the_association(*, requestor: bool, state: str) -> None:
    assert next_state(TRANSITIONS[Trigger.RELEASE_RQ, State.AWAITING_RELEASE_RP], requestor=requestor) == state


def test_every_action_stands_in_the_table() -> None:
    assert set(TRANSITIONS.values()) == set(Action)
