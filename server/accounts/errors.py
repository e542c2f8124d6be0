"""What accounts and rights refuse, as typed facts."""

from typing import ClassVar


class AccountRefusal(Exception):
    """Base of every refusal about accounts, sessions and rights; `words` is what a person reads by default."""

    code: ClassVar[str] = "ACCOUNT"
    words: ClassVar[str] = "不能这样做"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.words)


class NotSignedIn(AccountRefusal):
    """No session, or one that has ended."""

    code = "SIGN_IN"
    words = "请先登录"


class WrongCredentials(AccountRefusal):
    """Unknown user or wrong password: the same answer for both."""

    code = "CREDENTIALS"
    words = "用户名或密码不对"


class Locked(AccountRefusal):
    """Too many failures; `until` says when it opens again (decisions 15)."""

    code = "LOCKED"

    def __init__(self, until: str) -> None:
        super().__init__(f"locked until {until}")
        self.until = until


class OtpRequired(AccountRefusal):
    """The person has a second factor and it is missing or wrong."""

    code = "OTP"
    words = "请输入动态口令"


class Forbidden(AccountRefusal):
    """The caller's roles do not allow it."""

    code = "FORBIDDEN"
    words = "您的角色没有这项权限"


class NoCareRelation(AccountRefusal):
    """The caller has no care relation to this patient; break-glass is the way in an emergency."""

    code = "NO_CARE_RELATION"
    words = "与这位病人没有诊疗关系；紧急时可写明原因后打开"


class CsrfFailed(AccountRefusal):
    """A writing request with a cookie came without its CSRF token or from another origin."""

    code = "CSRF"
    words = "请从本系统的页面操作，刷新后再试"


class UnknownAccount(AccountRefusal):
    """No such user, organization, AE title or agreement."""

    code = "NOT_FOUND"
    words = "没有找到"


class AlreadyExists(AccountRefusal):
    """The name or AE title is taken."""

    code = "EXISTS"
    words = "已经有了"


class VersionMismatch(AccountRefusal):
    """Somebody changed it meanwhile."""

    code = "VERSION"

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


class WeakPassword(AccountRefusal):
    """Shorter than ten characters, notorious, or with the user's name in it."""

    code = "PASSWORD_WEAK"
    words = "密码至少 10 位，不能太简单，也不能含用户名"


class ReasonNeeded(AccountRefusal):
    """Opening what is closed needs a written reason."""

    code = "REASON_REQUIRED"
    words = "请写明原因"


class IllFormed(AccountRefusal):
    """A field cannot be what it says; `field` names it."""

    code = "ILL_FORMED"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
