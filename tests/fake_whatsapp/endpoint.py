"""Where a running fake stands, and what a client must be told to accept it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.fake_whatsapp.loopback import require_loopback


@dataclass(frozen=True)
class Endpoint:
    """Raises NotLoopback, whether made or read, unless the proxy is on this machine."""

    proxy_url: str
    ca_file: str
    noise_root: str
    """The public half of the Noise root, 32 bytes in hexadecimal."""

    def __post_init__(self) -> None:
        require_loopback(self.proxy_url)

    def environment(self) -> dict[str, str]:
        """What a client's process needs in its environment: the one authority it trusts."""
        return {
            "SSL_CERT_FILE": self.ca_file,
            "SSL_CERT_DIR": str(Path(self.ca_file).parent / "no-such-folder"),
        }

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> Endpoint:
        return cls(**json.loads(file.read_text()))
