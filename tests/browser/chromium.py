"""Headless Chromium, spoken to over its DevTools protocol (version 1.3) with the HTTP client that is here anyway."""

import asyncio
import base64
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
START_WAIT_S = 30.0
ANSWER_WAIT_S = 20.0
LOOK_S = 0.05
ANSWER_MAX_BYTES = 64 * 1024 * 1024
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
TEXT_OF = {"Enter": "\r", " ": " "}
PHONE, WIDE = (390, 844), (1366, 900)


def find_chromium() -> str | None:
    """Where it is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(program: str, folder: Path) -> Iterator[str]:
    """The address of its DevTools; ended with the block. Root may not have Chromium's own sandbox."""
    words = [program, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--disable-gpu"]
    words += [
        "--no-first-run",
        "--disable-dev-shm-usage",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "about:blank",
    ]
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(words, stdout=output, stderr=output, start_new_session=True)
    try:
        yield _devtools(process, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _devtools(process: subprocess.Popen[bytes], log: Path) -> str:
    ends_at = time.monotonic() + START_WAIT_S
    while time.monotonic() < ends_at and process.poll() is None:
        found = re.search(r"DevTools listening on ws://([\d.:]+)/", log.read_text(errors="replace"))
        if found:
            return f"http://{found[1]}"
        time.sleep(LOOK_S)
    raise RuntimeError(f"chromium did not start: {log.read_text(errors='replace')[-2000:]}")


@asynccontextmanager
async def tab(devtools: str, *, size: tuple[int, int] = WIDE, dark: bool = False) -> AsyncIterator["Tab"]:
    """A tab of its own, with cookies of its own."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{devtools}/json/version") as answer:
            address = (await answer.json(content_type=None))["webSocketDebuggerUrl"]
        async with http.ws_connect(address, max_msg_size=ANSWER_MAX_BYTES) as socket:
            opened = Tab(socket)
            hearing = asyncio.create_task(opened.hear())
            try:
                await opened.open(size, dark=dark)
                yield opened
                await opened.close()
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)


class Tab:
    """One page. *complaints*: what the browser's console said of errors and of the page's own policy being broken."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._session: str | None = None
        self._context = ""
        self.complaints: list[str] = []
        self.loads = 0

    async def open(self, size: tuple[int, int], *, dark: bool) -> None:
        """In a fresh context, so that no cookie of another tab is here."""
        self._context = (await self.send("Target.createBrowserContext"))["browserContextId"]
        made = await self.send("Target.createTarget", url="about:blank", browserContextId=self._context)
        attached = await self.send("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            await self.send(f"{domain}.enable")
        width, height = size
        is_phone = width < 600
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_phone
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        await self.send("Emulation.setEmulatedMedia", features=scheme)

    async def close(self) -> None:
        """And all it kept."""
        self._session = None
        await self.send("Target.disposeBrowserContext", browserContextId=self._context)

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command's result."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        session = {"sessionId": self._session} if self._session else {}
        await self._socket.send_json({"id": self._number, "method": method, "params": params, **session})
        told = await asyncio.wait_for(answer, ANSWER_WAIT_S)
        assert "error" not in told, f"{method}: {told['error']}"
        result: dict[str, Any] = told["result"]
        return result

    async def hear(self) -> None:
        """Until the socket is closed."""
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self._note(told["method"], told["params"])

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self.loads += 1
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"].get("exception", {}).get("description", params)))
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.complaints.append(str([each.get("value") for each in params["args"]]))

    async def go(self, url: str) -> None:
        """Load it to its end."""
        before = self.loads
        await self.send("Page.navigate", url=url)
        await self.until(lambda: self.loads > before, f"{url} to load")

    async def run(self, script: str) -> Any:
        """The value of an expression."""
        told = await self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, f"{script}: {told['exceptionDetails']}"
        return told["result"].get("value")

    async def until(self, holds: Any, what: str, *, within_s: float = 15.0) -> Any:
        """The first true answer of a function, or of an expression on the page."""
        ends_at = time.monotonic() + within_s
        while True:
            seen = holds() if callable(holds) else await self._run_if_there(holds)
            if seen:
                return seen
            assert time.monotonic() < ends_at, f"{what}: not within {within_s} s"
            await asyncio.sleep(LOOK_S)

    async def _run_if_there(self, script: str) -> Any:
        """None while one page gives way to the next."""
        try:
            return await self.run(script)
        except AssertionError:
            return None

    async def text(self, selector: str = "main") -> str:
        """What stands there, as shown."""
        return str(await self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    async def press(self, key: str, *, shift: bool = False) -> None:
        """One key, down and up."""
        given = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS.get(key, 0), "modifiers": 8 if shift else 0}
        text = {"text": TEXT_OF[key]} if key in TEXT_OF else {}
        await self.send("Input.dispatchKeyEvent", type="keyDown", **given, **text)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **given)

    async def write(self, text: str) -> None:
        """Into whatever has the focus."""
        await self.send("Input.insertText", text=text)

    async def leads_on(self, deed: Any) -> None:
        """Do *deed*, and wait until the page it leads to has loaded."""
        before = self.loads
        await deed
        await self.until(lambda: self.loads > before, "the next page")

    async def picture(self, path: Path, *, whole: bool = True) -> None:
        """A PNG of the page."""
        shot = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))
