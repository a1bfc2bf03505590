"""The running bridge, as the operator's commands reach it: over its API, never over its journal."""

import getpass
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from unlost.settings.values import Settings

ANSWER_MAX_BYTES = 64 * 1024 * 1024
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Bridge:
    """Speaks to the bridge that these settings describe."""

    url: str
    password: str

    @classmethod
    def of(cls, settings: Settings) -> "Bridge":
        """The bridge on this machine: through its own listening address, never through its public one."""
        listen = settings.server.listen
        host = "127.0.0.1" if listen.host in ("0.0.0.0", "::") else listen.host  # noqa: S104 - compared, not bound
        return cls(f"http://{f'[{host}]' if ':' in host else host}:{listen.port}", settings.console.password.reveal())

    def get(self, path: str, query: Mapping[str, object] | None = None) -> Any:
        """The answer of a question."""
        given = {name: value for name, value in (query or {}).items() if value is not None}
        query_string = urllib.parse.urlencode(given, errors="replace")  # a terminal may hand us half characters
        return self._ask("GET", f"{path}?{query_string}" if given else path, None, WAIT_S)

    def post(self, path: str, body: Mapping[str, object], *, wait_s: float = WAIT_S) -> Any:
        """The answer of a deed."""
        return self._ask("POST", path, json.dumps(body).encode(), wait_s)

    def _ask(self, method: str, path: str, body: bytes | None, wait_s: float) -> Any:
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=body, method=method)  # noqa: S310 - http only
        request.add_header("Content-Type", "application/json")
        if self.password:
            request.add_header("Authorization", f"Bearer {self.password}")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=wait_s) as answer:
                return json.loads(answer.read(ANSWER_MAX_BYTES))
        except urllib.error.HTTPError as error:
            raise click.ClickException(_said(error)) from None
        except (OSError, http.client.HTTPException, ValueError):
            raise click.ClickException(
                f"no bridge answers at {self.url}; start it with `unlost serve`, or name its settings with --config"
            ) from None


def who_asks() -> str:
    """The name that the journal keeps for a deed; in a container whose user has none, its number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # OSError from Python 3.13 on
        return f"user {os.getuid()}"


def _said(error: urllib.error.HTTPError) -> str:
    body = error.read(10_000)
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return f"the bridge answered {error.code}: {body.decode(errors='replace').strip()[:300]}"
