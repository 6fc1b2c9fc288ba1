"""The sidecar's own configuration: `config.yaml` and `SIDECAR_…` variables become one checked, frozen `Settings`.

`sections` holds the keys with their defaults, `sources` the file and the environment, `complaints` what
a person reads when something is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError
from pydantic_settings import InitSettingsSource

from sidecar.calls.reasons import because
from sidecar.codes.configuration import Misconfigured
from sidecar.config.complaints import complaint
from sidecar.config.sections import Settings, SipgateApi
from sidecar.config.sources import Environment, at_key, config_file, file_values, secret_in_file
from sidecar.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Settings", "load"]


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of `path` (else SIDECAR_CONFIG, else ./config.yaml if there is one) with `environ` on top.

    Secret files are read, `server.public_url` and `web.zammad_url` are filled in: what is returned can be used as it
    stands.

    Raises:
        ConfigurationError: a line for each fault that names the key, what is wrong and what to do.

    """
    file = config_file(path, environ)
    sources = (
        Environment(environ),
        InitSettingsSource(Settings, file_values(file) if file else {}),
        InitSettingsSource(Settings, {"zammad": {}}),  # so that an empty configuration is told about `zammad.url`
    )
    try:
        settings = Settings(_build_sources=(sources, {}))  # type: ignore[call-arg]  # documented, but hidden from mypy
    except ValidationError as error:
        raise ConfigurationError(complaint(error, environ)) from None  # the cause would show the values
    return _completed(settings)


def _completed(settings: Settings) -> Settings:
    zammad, server, web = settings.zammad, settings.server, settings.web
    public_url = server.public_url or zammad.url
    for_browsers = {
        "zammad_url": web.zammad_url or (zammad.url if web.oauth_client_id else public_url),
        "oauth_client_secret": _oauth_client_secret(settings),
    }
    return settings.model_copy(
        update={
            "zammad": zammad.model_copy(update={"token": _zammad_token(settings)}),
            "sipgate": settings.sipgate.model_copy(update={"api": _sipgate_api(settings)}),
            "server": server.model_copy(update={"public_url": public_url}),
            "web": web.model_copy(update=for_browsers),
        }
    )


def _zammad_token(settings: Settings) -> SecretStr:
    token, file = settings.zammad.token, settings.zammad.token_file
    if token.get_secret_value() and file:
        raise ConfigurationError(at_key("zammad.token_file", because(Misconfigured.TWICE, other="zammad.token")))
    if file:
        return secret_in_file("zammad.token_file", file)
    if not token.get_secret_value():
        raise ConfigurationError(at_key("zammad.token", because(Misconfigured.NO_TOKEN)))
    return token


def _sipgate_api(settings: Settings) -> SipgateApi:
    api = settings.sipgate.api
    token, file = api.token, api.token_file
    if token.get_secret_value() and file:
        raise ConfigurationError(
            at_key("sipgate.api.token_file", because(Misconfigured.TWICE, other="sipgate.api.token"))
        )
    if file:
        token = secret_in_file("sipgate.api.token_file", file)
    if bool(token.get_secret_value()) != bool(api.token_id):
        raise ConfigurationError(
            at_key("sipgate.api.token_id", because(Misconfigured.TOGETHER, other="sipgate.api.token"))
        )
    return api.model_copy(update={"token": token})


def _oauth_client_secret(settings: Settings) -> SecretStr | None:
    web = settings.web
    if web.oauth_client_secret and web.oauth_client_secret_file:
        raise ConfigurationError(
            at_key("web.oauth_client_secret_file", because(Misconfigured.TWICE, other="web.oauth_client_secret"))
        )
    secret = web.oauth_client_secret
    if web.oauth_client_secret_file:
        secret = secret_in_file("web.oauth_client_secret_file", web.oauth_client_secret_file)
    if bool(web.oauth_client_id) != bool(secret):
        raise ConfigurationError(
            at_key("web.oauth_client_id", because(Misconfigured.TOGETHER, other="web.oauth_client_secret_file"))
        )
    return secret
