"""Passwords are hashed by Argon2id, off the loop, a few at a time; an unknown user costs the same."""

import asyncio
import time

from server.accounts.passwords import AT_ONCE, PasswordHasher, Profile, is_acceptable


async def test_a_password_opens_its_own_hash_only() -> None:
    passwords = PasswordHasher(Profile.CHEAP)
    stored = await passwords.hash("mountain-lily-27")
    assert stored.startswith("$argon2id$")
    assert await passwords.check(stored, "mountain-lily-27")
    assert not await passwords.check(stored, "mountain-lily-28")
    assert not await passwords.check(None, "mountain-lily-27")
    assert not await passwords.check("no hash at all", "mountain-lily-27")


async def test_the_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = PasswordHasher()
    hashing = asyncio.create_task(passwords.hash("mountain-lily-27"))
    ticks = 0
    while not hashing.done():
        await asyncio.sleep(0.002)
        ticks += 1
    assert ticks >= 5
    assert AT_ONCE == 2


async def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    passwords = PasswordHasher()
    stored = await passwords.hash("mountain-lily-27")

    async def median(target: str | None) -> float:
        times = []
        for _ in range(7):
            started = time.process_time()  # others may have the processor meanwhile
            await passwords.check(target, "wrong")
            times.append(time.process_time() - started)
        return sorted(times)[3]

    known, unknown = await median(stored), await median(None)
    assert 0.5 < known / unknown < 2  # the real measure, 1,000 samples, is S03's


def test_easy_passwords_are_refused() -> None:
    assert is_acceptable("mountain-lily-27", "lilan")
    for easy in ("short-1", "lutong-demo", "1234567890", "aaaaaaaaaaaa", "xx-lilan-yy-zz"):
        assert not is_acceptable(easy, "lilan")
