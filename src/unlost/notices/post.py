"""Sends one notice to one address, in a process of its own that is ended when it takes too long."""

import asyncio
import json
import sys
from dataclasses import asdict

from unlost.notices.apprise_child import WHY_MAX_CHARS, Outcome
from unlost.notices.wording import Notice

SEND_MAX_S = 45.0
"""A service that needs several requests (a login, a room, a text) at Apprise's 8 s each."""
WHY_MAX_BYTES = 4 * WHY_MAX_CHARS


async def post(address: str, notice: Notice, *, within_s: float = SEND_MAX_S) -> str | None:
    """None where it was handed over, else why not, in words without secrets. Never raises for what a service does.

    The address goes over the child's input: arguments are seen by every user of the machine.
    """
    given = json.dumps({"address": address, **asdict(notice)}).encode()
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "unlost.notices.apprise_child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"no process could be started: {error.strerror}"
    try:
        async with asyncio.timeout(within_s):
            said, _ = await child.communicate(given)
    except TimeoutError:
        return f"no answer within {within_s:.0f} s"
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == Outcome.SENT:
        return None
    return said[:WHY_MAX_BYTES].decode(errors="replace").strip() or "its process broke down"
