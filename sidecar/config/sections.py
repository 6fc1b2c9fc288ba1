"""Every key of the configuration with its type and default. Durations are seconds."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sidecar.config import values


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Zammad(Section):
    url: values.Address
    token: values.Token = SecretStr("")  # never empty once `load` has returned it
    token_file: Path | None = None
    timeout: values.Seconds = 10.0
    verify_tls: values.Verification = True


class Server(Section):
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: values.Port = 8600
    public_url: values.Address = ""  # `load` puts zammad.url here
    trusted_proxies: tuple[values.Proxy, ...] = ("127.0.0.1",)


class Database(Section):
    url: values.DatabaseUrl = Field(default="sqlite:///sidecar.db", repr=False)  # may carry a password
    journal: Path | None = None  # of SQLite; None: beside its file


class SipgateApi(Section):
    """sipgate's own interface, beside the hooks; off without a token, whatever else is set."""

    url: values.Address = "https://api.sipgate.com/v2"
    token_id: str = ""
    token: values.Token = SecretStr("")  # `load` puts what `token_file` holds here
    token_file: Path | None = None

    @property
    def is_used(self) -> bool:
        return bool(self.token.get_secret_value())


class Sipgate(Section):
    token: values.PathToken | None = None
    token_overlap: values.PauseSeconds = 3600.0
    signature: values.SignatureMode = "report"
    public_key_files: tuple[values.ReadableFile, ...] = ()
    api: SipgateApi = SipgateApi()


class Phone(Section):
    country: values.Country = "DE"
    area_code: str = ""  # read into the form without its 0; empty: numbers without one are doubtful
    attributes: tuple[values.Attribute, ...] = ("fax",)

    @field_validator("area_code", mode="before")
    @classmethod
    def _known_there(cls, written: object, info: ValidationInfo) -> object:
        return values.area_code(written, str(info.data.get("country", "")))


class Missed(Section):
    shortest_ring: values.PauseSeconds = 2.0
    shortest_talk: values.PauseSeconds = 10.0
    due: values.Seconds = 3600.0


class Tickets(Section):
    grace: values.PauseSeconds = 180.0
    max_age: values.Seconds = 86400.0
    language: Literal["", "en", "de"] = ""  # empty: Zammad's locale_default
    close_after_talk: bool = True
    voicemail: bool = False  # attached to the callback ticket; needs sipgate's interface
    unknown_customer: str = ""  # login or e-mail; empty: the customer that `install` makes
    attributes: dict[str, str | int | float | bool | list[str]] = Field(default_factory=dict)


class Calls(Section):
    exempt_known: bool = True
    popup_ttl: values.Seconds = 20.0
    missing_hangup_after: values.Seconds = 14400.0
    queue_names: tuple[str, ...] = ()
    unnamed_answer: values.UnnamedAnswer = "machine"
    keep_hidden: bool = True
    open_for_withheld: values.OpenForWithheld = "auto"
    recent_logs: values.RecentLogs = "all"
    log_blocked_calls: bool = False


class Sync(Section):
    settings_every: values.Seconds = 10.0
    changes_every: values.Seconds = 30.0
    full_every: values.Seconds = 86400.0
    page_size: Annotated[int, Field(ge=1, le=500)] = 500  # Zammad allows 1000, which take it up to 7 s
    pause: values.PauseSeconds = 0.2
    repair: bool = True


class Delivery(Section):
    rate: values.Rate = 10.0
    parallel: Annotated[int, Field(ge=1, le=64)] = 4


class Web(Section):
    root_path: values.RootPath = "/sidecar"
    zammad_url: values.Address = ""  # `load` puts the public address of Zammad here
    oauth_client_id: str | None = None
    oauth_client_secret: values.Token | None = None
    oauth_client_secret_file: Path | None = None
    restrict_to_own: bool = False
    notes: bool = True
    presence: bool = True
    unattended: values.Seconds = 43200.0
    answer_within: values.Seconds = 20.0
    answer_target: values.Share = 0.8
    longest_wait: values.Seconds = 60.0
    most_missed: Annotated[int, Field(ge=1)] = 10


class Logging(Section):
    level: values.LogLevel = "info"
    format: values.Format = "console"


class Retention(Section):
    hooks_days: values.Days = 7
    calls_days: values.Days = 180


class Settings(BaseSettings):
    """Frozen; secrets are `SecretStr` and show as stars."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, env_prefix="SIDECAR_", env_nested_delimiter="__"
    )

    zammad: Zammad
    server: Server = Server()
    database: Database = Database()
    sipgate: Sipgate = Sipgate()
    phone: Phone = Phone()
    missed: Missed = Missed()
    tickets: Tickets = Tickets()
    calls: Calls = Calls()
    sync: Sync = Sync()
    delivery: Delivery = Delivery()
    web: Web = Web()
    logging: Logging = Logging()
    retention: Retention = Retention()
