"""What accounts and rights refuse, as typed facts."""

from typing import ClassVar


class AccountRefusal(Exception):
    """Base of every refusal about accounts, sessions and rights."""

    code: ClassVar[str] = "ACCOUNT"


class NotSignedIn(AccountRefusal):
    """No session, or one that has ended."""

    code = "SIGN_IN"


class WrongCredentials(AccountRefusal):
    """Unknown user or wrong password: the same answer for both."""

    code = "CREDENTIALS"


class Locked(AccountRefusal):
    """Too many failures; `until` says when it opens again (decisions 15)."""

    code = "LOCKED"

    def __init__(self, until: str) -> None:
        super().__init__(f"locked until {until}")
        self.until = until


class OtpRequired(AccountRefusal):
    """The person has a second factor and it is missing or wrong."""

    code = "OTP"


class Forbidden(AccountRefusal):
    """The caller's roles do not allow it."""

    code = "FORBIDDEN"


class NoCareRelation(AccountRefusal):
    """The caller has no care relation to this patient; break-glass is the way in an emergency."""

    code = "NO_CARE_RELATION"


class CsrfFailed(AccountRefusal):
    """A writing request with a cookie came without its CSRF token or from another origin."""

    code = "CSRF"


class UnknownAccount(AccountRefusal):
    """No such user, organization, AE title or agreement."""

    code = "NOT_FOUND"


class AlreadyExists(AccountRefusal):
    """The name or AE title is taken."""

    code = "EXISTS"


class VersionMismatch(AccountRefusal):
    """Somebody changed it meanwhile."""

    code = "VERSION"

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


class WeakPassword(AccountRefusal):
    """Shorter than ten characters, notorious, or with the user's name in it."""

    code = "PASSWORD_WEAK"


class ReasonNeeded(AccountRefusal):
    """Opening what is closed needs a written reason."""

    code = "REASON_REQUIRED"
