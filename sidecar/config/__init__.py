"""The sidecar's own configuration: `config.yaml` and `SIDECAR_…` variables become one checked, frozen `Settings`.

`sections` holds the keys with their defaults, `sources` the file and the environment, `complaints` the one line
that a person reads when something is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError
from pydantic_settings import InitSettingsSource

from sidecar.config.complaints import complaint
from sidecar.config.sections import Settings, SipgateApi
from sidecar.config.sources import Environment, config_file, file_values, secret_in_file
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
        ConfigurationError: one line that names the key, what is wrong and what to do.

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
        raise ConfigurationError("zammad.token_file: zammad.token is set as well; keep one of the two")
    if file:
        return secret_in_file("zammad.token_file", file)
    if not token.get_secret_value():
        ways = "set it here, in SIDECAR_ZAMMAD__TOKEN, or name a file that holds it in zammad.token_file"
        raise ConfigurationError(f"zammad.token: missing; {ways}")
    return token


def _sipgate_api(settings: Settings) -> SipgateApi:
    api = settings.sipgate.api
    token, file = api.token, api.token_file
    if token.get_secret_value() and file:
        raise ConfigurationError("sipgate.api.token_file: sipgate.api.token is set as well; keep one of the two")
    if file:
        token = secret_in_file("sipgate.api.token_file", file)
    if bool(token.get_secret_value()) != bool(api.token_id):
        raise ConfigurationError("sipgate.api.token_id: goes together with sipgate.api.token; set both or neither")
    return api.model_copy(update={"token": token})


def _oauth_client_secret(settings: Settings) -> SecretStr | None:
    web = settings.web
    if web.oauth_client_secret and web.oauth_client_secret_file:
        raise ConfigurationError("web.oauth_client_secret_file: web.oauth_client_secret is set as well; keep one")
    secret = web.oauth_client_secret
    if web.oauth_client_secret_file:
        secret = secret_in_file("web.oauth_client_secret_file", web.oauth_client_secret_file)
    if bool(web.oauth_client_id) != bool(secret):
        raise ConfigurationError(
            "web.oauth_client_id: goes together with web.oauth_client_secret_file; set both or neither"
        )
    return secret
