"""The lite agent: who is answered how, which path is taken, and when the peer counts as gone."""

import pytest

from video.rtc import stun
from video.rtc.ice import CONSENT, MAX_PATHS, STALE, Credentials, IceAgent, Path
from video.rtc.stun import Attribute, Class, Message

OURS, THEIRS = Credentials("ours", "our-password-of-22-char"), Credentials("them", "their-password-22-chars")
NEXT, THEIR_NEXT = Credentials("next", "our-next-password-22-ch"), Credentials("new!", "their-next-password-22c")
HOME, ROAD = ("10.0.0.2", 4000), ("10.0.0.3", 5000)
NOMINATE = (Attribute.USE_CANDIDATE, b"")


@pytest.fixture
def agent() -> IceAgent:
    made = IceAgent(OURS, now=0.0)
    made.remote = THEIRS
    return made


def check(*attributes: tuple[int, bytes], name: str = "ours:them", password: str = OURS.password) -> bytes:
    role = (Attribute.ICE_CONTROLLING, b"12345678")
    return stun.build(
        Class.REQUEST, b"transaction.", [(Attribute.USERNAME, name.encode()), role, *attributes], key=password.encode()
    )


def ask(agent: IceAgent, data: bytes, path: tuple[str, int] = HOME, *, now: float = 1.0) -> tuple[Message, Path | None]:
    checked = agent.receive(data, path, path, now=now)
    assert checked is not None
    return stun.parse(checked.answer), checked.selected


def code_of(answer: Message) -> int:
    assert answer.message_class is Class.ERROR
    value = answer.attributes[Attribute.ERROR_CODE]
    return value[2] * 100 + value[3]


def test_a_check_is_answered_with_the_address_it_came_from(agent: IceAgent) -> None:
    answer, selected = ask(agent, check())
    assert answer.message_class is Class.SUCCESS
    assert answer.is_authentic(OURS.password.encode())
    assert stun.read_xor_address(answer.attributes[Attribute.XOR_MAPPED_ADDRESS], answer.transaction_id) == HOME
    assert selected is None
    assert agent.knows(HOME)


def test_the_nominated_path_is_selected_once(agent: IceAgent) -> None:
    assert ask(agent, check(NOMINATE))[1] == HOME
    assert ask(agent, check(NOMINATE))[1] is None
    assert agent.selected == HOME


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (check(password="somebody-else's-password"), 401),
        (check(name="ours:stranger"), 401),
        (check(name="another:them"), 401),
        (stun.build(Class.REQUEST, b"transaction.", [(Attribute.USERNAME, b"ours:them")]), 400),
        (stun.build(Class.REQUEST, b"transaction.", key=OURS.password.encode()), 400),
        (check((0x0033, b"")), 420),
    ],
)
def test_a_check_that_is_not_right_selects_nothing(agent: IceAgent, data: bytes, code: int) -> None:
    answer, selected = ask(agent, data)
    assert code_of(answer) == code
    assert selected is None
    assert not agent.knows(HOME)


def test_a_peer_that_takes_itself_for_controlled_is_told_to_switch(agent: IceAgent) -> None:
    data = stun.build(
        Class.REQUEST,
        b"transaction.",
        [(Attribute.USERNAME, b"ours:them"), (Attribute.ICE_CONTROLLED, b"12345678"), NOMINATE],
        key=OURS.password.encode(),
    )
    answer, selected = ask(agent, data)
    assert code_of(answer) == 487
    assert answer.is_authentic(OURS.password.encode())
    assert selected is None


@pytest.mark.parametrize("message_class", [Class.INDICATION, Class.SUCCESS, Class.ERROR])
def test_what_is_no_request_is_not_answered(agent: IceAgent, message_class: Class) -> None:
    assert agent.receive(stun.build(message_class, b"transaction."), HOME, HOME, now=1.0) is None


def test_a_peer_whose_address_changed_moves_us_by_nominating(agent: IceAgent) -> None:
    ask(agent, check(NOMINATE))
    assert ask(agent, check(NOMINATE), ROAD)[1] == ROAD


def test_a_check_from_elsewhere_moves_us_only_when_the_selected_path_is_silent(agent: IceAgent) -> None:
    ask(agent, check(NOMINATE), now=1.0)
    assert ask(agent, check(), ROAD, now=1.0 + STALE)[1] is None
    assert ask(agent, check(), ROAD, now=1.1 + STALE)[1] == ROAD


def test_a_restart_keeps_the_old_path_until_the_new_credentials_are_nominated(agent: IceAgent) -> None:
    ask(agent, check(NOMINATE))
    agent.restart(NEXT, THEIR_NEXT)
    assert [*agent.ufrags] == ["next", "ours"]
    assert code_of(ask(agent, check(name="ours:them", password=NEXT.password))[0]) == 401
    assert ask(agent, check())[0].message_class is Class.SUCCESS
    assert agent.selected == HOME
    assert ask(agent, check(NOMINATE, name="next:new!", password=NEXT.password), ROAD)[1] == ROAD
    assert [*agent.ufrags] == ["next"]
    assert code_of(ask(agent, check())[0]) == 401


def test_consent_lasts_thirty_seconds_after_the_last_check(agent: IceAgent) -> None:
    ask(agent, check(NOMINATE), now=10.0)
    assert not agent.is_expired(now=10.0 + CONSENT)
    assert agent.is_expired(now=10.1 + CONSENT)


def test_a_refused_check_is_no_consent(agent: IceAgent) -> None:
    ask(agent, check(password="somebody-else's-password"), now=CONSENT)
    assert agent.is_expired(now=CONSENT + 0.1)


def test_paths_are_bounded_and_the_selected_one_stays(agent: IceAgent) -> None:
    ask(agent, check(NOMINATE))
    for port in range(2 * MAX_PATHS):
        ask(agent, check(), ("10.0.0.9", 1000 + port))
    known = [port for port in range(2 * MAX_PATHS) if agent.knows(("10.0.0.9", 1000 + port))]
    assert known == list(range(MAX_PATHS + 1, 2 * MAX_PATHS))
    assert agent.knows(HOME)


def test_an_ended_connection_is_forgotten(agent: IceAgent) -> None:
    ask(agent, check(NOMINATE))
    agent.forget(HOME)
    assert agent.selected is None
    assert not agent.knows(HOME)


def test_credentials_are_ice_chars_long_enough_and_keep_the_password_out_of_logs() -> None:
    made = Credentials.generate(lambda size: bytes(range(200, 200 + size)))
    assert len(made.ufrag) == 16
    assert len(made.password) == 32
    assert made.password not in repr(made)
