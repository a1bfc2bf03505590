"""What the door is compared with: a bare ASGI callable under the same server. `python -m bench.peers PORT`."""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send

_START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]}
_BODY = {"type": "http.response.body", "body": b"ok\n"}


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and answers a constant: nothing can be less."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body", False):
        pass
    await send(_START)
    await send(_BODY)


if __name__ == "__main__":
    uvicorn.run(
        bare,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_keep_alive=60,
    )
