"""What the hub is told: config/default.toml, a file, the environment, in this order (design.md, contract).

The only place in the project that reads the environment.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from video.turn import BadTurnUrl, turn_urls

PREFIX = "LUTONG_"
ROOT = Path(__file__).resolve().parent.parent
DEFAULTS = ROOT / "config" / "default.toml"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class BadSetting(Exception):
    """A setting that the hub refuses to start with; `key` names it."""

    def __init__(self, key: str, why: str, source: str) -> None:
        super().__init__(f"{key}: {why} (from {source})")
        self.key, self.why, self.source = key, why, source


class Settings(BaseModel):
    """The settings in force; each field's meaning stands in config/default.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: str = ""
    database_url: str = ""
    redis_url: str = ""
    storage_url: str = ""
    bind: str = "127.0.0.1"
    http_port: int = Field(8080, ge=1, le=65535)
    dicom_port: int = Field(11112, ge=1, le=65535)
    dicom_tls_port: int = Field(2762, ge=1, le=65535)
    mllp_port: int = Field(2575, ge=1, le=65535)
    media_port: int = Field(34780, ge=1, le=65535)
    media_workers: int = Field(0, ge=0, le=64)
    media_address: str = ""
    sms_url: str = ""
    sms_token: str = Field("", repr=False)
    turn_urls: str = ""
    turn_secret: str = Field("", repr=False)
    public_url: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    ae_title: str = Field("LUTONG", pattern=r"^[ -\[\]-~]{1,16}$")
    clock_file: str = ""
    private_sop_classes: bool = False
    region: str = Field("990101", pattern=r"^[0-9]{6}$")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    demo: bool = False

    @property
    def data_path(self) -> Path:
        """Return the folder that holds everything of this hub."""
        return Path(self.data_dir or f".lutong/{self.http_port}").absolute()

    @property
    def database(self) -> str:
        """Return the SQLAlchemy URL of the database in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_path / 'lutong.db'}"

    @property
    def redis(self) -> str:
        """Return the URL of the Redis server in force."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def redis_socket(self) -> Path:
        """Return the private socket of the embedded Redis server (a path below 108 bytes)."""
        return self.data_path / "run" / "redis.sock"

    @property
    def objects_path(self) -> Path:
        """Return the folder of the local object store."""
        return Path(self.storage_url.removeprefix("file://")) if self.storage_url else self.data_path / "objects"

    @property
    def media_ports(self) -> range:
        """Return the ports of the media workers, one each: as many as there are cores unless told, at most 16."""
        count = self.media_workers or min(16, len(os.sched_getaffinity(0)))
        return range(self.media_port, self.media_port + count)

    @property
    def url(self) -> str:
        """Return the address people open."""
        return (self.public_url or f"http://{self.bind}:{self.http_port}").rstrip("/")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and, for each key, where its value came from."""

    settings: Settings
    sources: Mapping[str, str]


def load(file: Path | None = None, *, demo: bool = False, environ: Mapping[str, str] | None = None) -> Loaded:
    """Read the settings in force.

    Raises
    ------
    BadSetting
        With the key, when a value is unknown, ill-formed or unsafe.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for path in filter(None, (DEFAULTS, file)):
        for key, value in _read_toml(path).items():
            values[key], sources[key] = value, str(path)
    for name, value in environ.items():
        if name.startswith(PREFIX) and name != "LUTONG_ROLE":
            key = name.removeprefix(PREFIX).lower()
            values[key], sources[key] = value, name
    values["demo"] = demo or str(values.get("demo", "")).lower() in {"1", "true"}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "?"
        raise BadSetting(key, first["msg"], sources.get(key, "?")) from error
    if settings.media_ports[-1] > 65535:
        why = f"{len(settings.media_ports)} media workers need as many ports from this one on"
        raise BadSetting("media_port", why, sources.get("media_port", "default"))
    _refuse_unsafe(settings, sources)
    _refuse_turn(settings, sources)
    return Loaded(settings, sources)


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSetting("--config", str(error), str(path)) from error


def _refuse_unsafe(settings: Settings, sources: Mapping[str, str]) -> None:
    def refuse(key: str, why: str) -> BadSetting:
        return BadSetting(key, why, sources.get(key, "default"))

    if settings.demo and settings.bind not in LOOPBACK:
        raise refuse("bind", "the demo county has a known password and listens on loopback only")
    if settings.clock_file and not settings.demo:
        raise refuse("clock_file", "time is moved only in a demo on loopback")
    if settings.storage_url and not settings.storage_url.startswith(("file://", "/")):
        raise refuse("storage_url", "only a local folder (file:///…) is supported so far")
    if settings.database_url and not settings.database_url.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise refuse("database_url", "use sqlite+aiosqlite:///… or postgresql+asyncpg://…")
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise refuse("tls_cert", "a certificate and its key go together (tls_cert, tls_key)")
    if not settings.redis_url and len(bytes(settings.redis_socket)) > 100:
        raise refuse("data_dir", "the path is too long for a socket; choose one below 80 characters")


def _refuse_turn(settings: Settings, sources: Mapping[str, str]) -> None:
    source = sources.get("turn_urls", "default")
    if bool(settings.turn_urls.strip()) != bool(settings.turn_secret):
        raise BadSetting("turn_secret", "turn_urls and the secret that these servers share go together", source)
    try:
        turn_urls(settings.turn_urls)
    except BadTurnUrl as bad:
        raise BadSetting("turn_urls", f"{bad} is no URL like turn:host:3478?transport=udp", source) from bad


def child_environment(settings: Settings, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which `load` gives these very settings again (for child processes)."""
    environ = {k: v for k, v in (os.environ if base is None else base).items() if not k.startswith(PREFIX)}
    for key, value in settings.model_dump().items():
        environ[PREFIX + key.upper()] = ("1" if value else "0") if isinstance(value, bool) else str(value)
    environ["LUTONG_DATA_DIR"] = str(settings.data_path)
    # Names are read one character at a time: pypinyin's dictionary of phrases would be 40 MB in each process.
    environ |= {"PYPINYIN_NO_PHRASES": "true", "PYPINYIN_NO_DICT_COPY": "true"}
    return environ
