"""The gateway as one channel sees it: one method per call of GOWA's REST API (GOWA page, section 3.2)."""

from collections.abc import Callable
from urllib.parse import quote

from unlost.errors import Refused
from unlost.gowa import answers, errors, feed, files, pictures
from unlost.gowa.answers import Downloaded, Status, StoredChat, UserInfo
from unlost.gowa.feed import FedPage
from unlost.gowa.places import Resolve, resolve_by_system
from unlost.gowa.readers.shapes import ROW
from unlost.gowa.set_up import SetUp
from unlost.gowa.steady_pages import PAGE
from unlost.gowa.storage_time import ZonesMet
from unlost.gowa.versions import Version, knows_lids
from unlost.gowa.wire import PAGE_MAX_BYTES, Account, Observe, Wire
from unlost.transport import FetchingHttp, Http
from unlost.vocabulary.addresses import Address, is_lid
from unlost.vocabulary.ids import WhatsAppId

DOWNLOAD_S = 50.0
"""GOWA fetches the whole file from WhatsApp before it answers, and gives up by itself after 45 s (GOWA page, 3.1)."""

NEAR_S, NEAR_PAGES = 60.0, 3
FAR_S, FAR_PAGES = 15 * 3600.0, 10
"""A row is looked for around its time, then as far as a gateway's zone can be off; in a busy group not without end."""


def unobserved(name: str, outcome: str) -> None:
    """Tell nobody."""


class GowaClient:
    """One channel's gateway. Every call is safe to repeat and never repeats itself; failures are `unlost.errors`.

    *url* may carry a base path. *device* is the channel's own phone address, None where the gateway has only one account.
    """

    def __init__(
        self,
        http: Http,
        *,
        url: str,
        username: str,
        password: str,
        device: Address | None,
        timeout_s: float,
        resolve: Resolve = resolve_by_system,
        observe: Observe = unobserved,
        fetching: FetchingHttp | None = None,
    ) -> None:
        """*fetching* brings files; only who has it may ask for one (`bring`)."""
        self._http = http
        self._fetching = fetching
        self._account = Account(url, username, password, device, timeout_s)
        self._wire = Wire(http, self._account, observe)
        self.set_up = SetUp(self._wire)
        self._resolve = resolve
        self._observe = observe
        self._zones = ZonesMet()
        self._version: Version | None = None

    async def status(self) -> Status:
        """`/app/status` (v7.1.0 and later): no event ever tells of a disconnection. Raises TryLater, Refused or Blocked."""
        return await self._wire.ask("status", "/app/status", answers.read_status)

    async def info(self) -> Version | None:
        """`/app/info`: the version; None where it does not tell, as older ones do not. Raises TryLater or Blocked."""
        self._version = await self._wire.ask_for_fact(
            "info", "/app/info", answers.read_version, is_absent=errors.says_no_path
        )
        return self._version

    async def user_info(self, address: Address) -> UserInfo:
        """`/user/info`: a question to WhatsApp itself. Raises TryLater, Refused or Blocked.

        A gateway that cannot know a LID is not asked about one (nothing told): its no would be the same for ever. Its version is
        what `info` told last.
        """
        if is_lid(address) and not knows_lids(self._version):
            return UserInfo("", "", address, None)
        return await self._wire.ask(
            "contact_info", "/user/info", lambda results: answers.read_user(results, address), {"phone": address}
        )

    async def avatar(self, address: Address) -> str | None:
        """`/user/avatar`: where the picture lies, for a while; None where none is shown to us. Raises as `user_info`.

        Before v8.1.0 the question itself can end the gateway (see `versions.avatar_is_safe`).
        """
        query = {"phone": address, "is_preview": "false", "is_community": "false"}
        return await self._wire.ask_for_fact(
            "avatar", "/user/avatar", answers.read_avatar, query, is_absent=errors.says_no_picture
        )

    async def group_info(self, group: Address) -> str:
        """`/group/info`: the group's subject, empty where it has none. Raises as `user_info`."""
        return await self._wire.ask("group_info", "/group/info", answers.read_group, {"group_id": group})

    async def chats(self, offset: int) -> tuple[StoredChat, ...]:
        """A page of at most *PAGE* chats of the storage, last touched first (but see GOWA page, section 4)."""
        page = await self._wire.ask(
            "chats",
            "/chats",
            answers.read_chats,
            {"limit": str(PAGE), "offset": str(offset)},
            answer_max_bytes=PAGE_MAX_BYTES,
        )
        self._zones = self._zones.and_also(zone for chat in page for zone in chat.zones)
        return page

    async def messages(
        self, chat: str, since: float | None, offset: int, *, until: float | None = None
    ) -> tuple[bytes, ...]:
        """A page of at most *PAGE* rows of *chat* (its stored form), newest first, each as it came; none for an unknown chat.

        Between *since* and *until*, epoch seconds, in the zones that `chats` has told of; an hour more at both ends at the least, so
        the caller compares the rows' own times.
        """
        query = {"limit": str(PAGE), "offset": str(offset)}
        if since is not None:
            query["start_time"] = self._zones.start(since)
        if until is not None:
            query["end_time"] = self._zones.end(until)
        rows = await self._wire.ask_for_fact(
            "messages",
            f"/chat/{quote(chat, safe='@:')}/messages",
            answers.read_rows,
            query,
            is_absent=errors.says_no_chat,
            answer_max_bytes=PAGE_MAX_BYTES,
        )
        return rows or ()

    async def storage_row(self, chat: Address, id: WhatsAppId, told_at: float | None) -> bytes | None:
        """The row of one message, as JSON; None where storage has none near its time (or among its newest, without one)."""
        if told_at is None:
            return await self._row_between(chat, id, None, None, FAR_PAGES)
        near = await self._row_between(chat, id, told_at - NEAR_S, told_at + NEAR_S, NEAR_PAGES)
        return near or await self._row_between(chat, id, told_at - FAR_S, told_at + FAR_S, FAR_PAGES)

    async def events(self, after: int) -> FedPage | None:
        """`/events` of our own gateway: what its feed has above the number *after*; None where there is no such call.

        Raises TryLater, Refused or Blocked.
        """
        return await self._wire.ask_for_fact(
            "events",
            "/events",
            feed.read_page,
            {"after": str(after), "limit": str(feed.PAGE)},
            is_absent=errors.says_no_feed,
            answer_max_bytes=PAGE_MAX_BYTES,
        )

    async def fetch(self, told: str, max_bytes: int) -> tuple[str, bytes]:
        """Content type and bytes of a picture, at the gateway or on a public host (see `places`). Raises TryLater or Refused."""
        return await pictures.fetch(self._http, self._account, self._resolve, told, max_bytes, self._observe)

    async def download(self, chat: Address, id: WhatsAppId) -> Downloaded:
        """`/message/{id}/download` (v7.5.1 and later): the gateway fetches the file from WhatsApp and says where it lies now.

        Raises TryLater, Refused or Blocked.
        """
        path = f"/message/{quote(id, safe='')}/download"
        return await self._wire.ask("media", path, answers.read_download, {"phone": chat}, timeout_s=DOWNLOAD_S)

    async def bring(self, told: str, max_bytes: int, into: Callable[[bytes], None]) -> bool:
        """Hand on the bytes of a message's file; False where they are too many (see `files`). Raises TryLater or Refused."""
        assert self._fetching is not None, "this client was made to ask, not to fetch files"
        return await files.bring(self._fetching, self._account, self._resolve, told, max_bytes, into, self._observe)

    async def _row_between(
        self, chat: Address, id: WhatsAppId, since: float | None, until: float | None, pages: int
    ) -> bytes | None:
        for page in range(pages):
            rows = await self.messages(chat, since, page * PAGE, until=until)
            for row in rows:
                if _id_of(row) == id:
                    return row
            if len(rows) < PAGE:
                return None
        return None


def _id_of(row: bytes) -> str:
    """A row's id; empty for one that can't be read, which is then not the one looked for."""
    try:
        return ROW.decode(row).id
    except Refused:
        return ""
