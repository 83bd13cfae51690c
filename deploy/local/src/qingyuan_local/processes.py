"""The processes of the system, each with its command, environment and ports."""

import base64
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qingyuan_runtime.topology import ISSUERS, NAMES, WITH_DATABASE, entry_of

from qingyuan_local.databases import Databases
from qingyuan_local.demo_authority import DemoAuthority
from qingyuan_local.keys import log_keys, signing_keys, trusted_keys
from qingyuan_local.setup import checkout, fonts_folder, rare_fonts_folder
from qingyuan_local.state import State, write_private

VERSION = "0.1.0"
WECHAT = "wechat"
"""The fake of WeChat's official accounts."""
WECHAT_APP_ID = "wxdemo0000000000ab"
WECHAT_TEMPLATE = "demo-template"
INSIDE = "gateway-inside"
"""The port on which the gateway shows its health and metrics."""


@dataclass(frozen=True)
class Process:
    """One process: `python -m <service> <role>` with its environment. `port` serves /readyz and /metrics.

    `listens` are the names of all its ports: the gateway's public port does not serve health and metrics.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    port: int
    listens: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    state: State
    databases: Databases
    bootstrap: str
    split: bool
    extra: Mapping[str, str]

    def processes(self) -> list[Process]:
        return [
            self._process(name, role)
            for name in NAMES
            for role in (entry_of(name).processes if self.split else ("all",))
        ] + [self._wechat()]

    def migration(self, service: str) -> Mapping[str, str]:
        """The environment of a command that changes the service's tables, with the owner's password."""
        return self._env(service) | {"MIGRATION_DATABASE_URL": self.databases.owner(service)}

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.state.port(service)}"

    def env(self, service: str) -> Mapping[str, str]:
        """The environment of a service's command."""
        return self._env(service)

    def _wechat(self) -> Process:
        port = self.state.port(WECHAT)
        env = self._wechat_env() | {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(port)}
        command = (sys.executable, "-m", "qingyuan_local.wechat")
        return Process(WECHAT, command, env | dict(self.extra), port, (WECHAT,))

    def _wechat_env(self) -> dict[str, str]:
        """What accounts, messages and the fake of WeChat have to agree on."""
        key = self.state.folder / "secrets" / "wechat-push-key"
        if not key.exists():  # 43 characters of base64: EncodingAESKey has no padding
            write_private(key, base64.b64encode(secrets.token_bytes(32)).decode().rstrip("="))
        return {
            "PUBLIC_URL": self.url("gateway"),
            "WECHAT_APP_ID": WECHAT_APP_ID,
            "WECHAT_SECRET_FILE": str(self.state.secret_file("wechat-secret")),
            "WECHAT_PUSH_TOKEN_FILE": str(self.state.secret_file("wechat-push-token")),
            "WECHAT_PUSH_KEY_FILE": str(key),
        }

    def _process(self, service: str, role: str) -> Process:
        has_http = role in ("api", "all")
        name = service if has_http else f"{service}-{role.replace(' ', '-')}"
        command = (sys.executable, "-m", service, *role.split())
        ports = {"HTTP_PORT" if has_http else "METRICS_PORT": name}
        if service == "gateway":
            ports["METRICS_PORT"] = INSIDE
        env = self._env(service) | {variable: str(self.state.port(port)) for variable, port in ports.items()}
        inside = self.state.port(ports.get("METRICS_PORT", name))
        return Process(name, command, env, inside, tuple(ports.values()))

    def _env(self, service: str) -> dict[str, str]:
        env = {
            "KAFKA_BOOTSTRAP": self.bootstrap,
            "HTTP_HOST": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
        }
        if service in ISSUERS:
            env["SIGNING_KEYS_DIR"] = str(signing_keys(self.state, service))
        if service != "gateway":
            env["TRUSTED_KEYS_DIR"] = str(trusted_keys(self.state))
            env["LOG_KEYS_DIR"] = str(log_keys(self.state))
        if service == "gateway":
            env |= {f"{name.upper()}_URL": self.url(name) for name in WITH_DATABASE}
            env["WEB_DIST"] = str(_web_dist())
            env["PUBLIC_URL"] = self.url("gateway")
            env["ALLOWED_HOSTS"] = f"localhost:{self.state.port('gateway')}"
        else:
            env["DATABASE_URL"] = self.databases.app(service)
        if service in ("registry", "filing"):
            env["KEYS_DATABASE_URL"] = self.databases.keys()
        if service in ("registry", "filing", "accounts"):
            env["KEY_ENCRYPTION_KEY_FILE"] = str(self.state.secret_file("key-encryption-key"))
        if service == "files":
            env["FILES_STORE_URL"] = (self.state.folder.resolve() / "files").as_uri()
            env["FILES_UPLOADS"] = str(self.state.folder / "uploads")
        env |= {variable: self.databases.reader(log) for log, variable in entry_of(service).follows.items()}
        if service == "accounts":
            env["CERTIFICATE_TRUST_DIR"] = str(DemoAuthority(self.state).trust.resolve())
            env["CERTIFICATE_DEMO_ROOTS"] = "true"
            env |= self._wechat_env()
            env["WECHAT_BASE_URL"] = self.url(WECHAT)
            env["WECHAT_AUTHORISE_URL"] = f"{self.url(WECHAT)}/connect/oauth2/authorize"
        if service == "messages":
            env["ACCOUNTS_URL"] = self.url("accounts")
            env["SMS_FOLDER"] = str(self.state.folder.resolve() / "sms")
            env |= {name: value for name, value in self._wechat_env().items() if "PUSH" not in name}
            env["WECHAT_BASE_URL"] = self.url(WECHAT)
            env["WECHAT_TEMPLATE"] = WECHAT_TEMPLATE
        if service == "views":
            env["FILES_URL"] = self.url("files")
            env["ACCOUNTS_URL"] = self.url("accounts")
            env["FILING_URL"] = self.url("filing")
            env["PUBLIC_URL"] = self.url("gateway")
            env["FONTS_DIR"] = str(fonts_folder())
            env["RARE_FONTS_DIR"] = str(rare_fonts_folder())
        return env | dict(self.extra)


def _web_dist() -> Path:
    return checkout() / "web" / "dist"
