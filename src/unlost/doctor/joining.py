"""Joins a helpdesk's inbox to this bridge: adopts the one that is meant, or makes it, and lets it call us. Run twice it adopts."""

from collections.abc import Sequence
from dataclasses import dataclass

from unlost.chatwoot.client import ChatwootClient
from unlost.chatwoot.inboxes import API, InboxSettings
from unlost.errors import Refused, UnlostError, Unsure

ADMINISTRATOR = "administrator"


class CannotJoin(Exception):
    """In one line: why not, and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """*door_url*: where the inbox is to call us. *inbox_id*: the one to take, whatever it called before."""

    name: str
    door_url: str
    inbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """*called_before*: where an adopted inbox called until now, if elsewhere. *inbox* may lack its secret (before 4.13.0)."""

    inbox: InboxSettings
    is_new: bool
    called_before: str = ""


async def join_inbox(client: ChatwootClient, wanted: Wanted) -> Joined:
    """An API inbox that calls *door_url*. Raises CannotJoin; changes nothing before it is sure which inbox is meant."""
    try:
        await _check_token(client)
        found = chosen(await client.inboxes.all(), wanted)
        if found is None:
            return Joined(await _made(client, wanted), is_new=True)
        if found.webhook_url == wanted.door_url:
            return Joined(await client.inboxes.one(found.id), is_new=False)
        changed = await client.inboxes.set_webhook_url(found.id, wanted.door_url)
        return Joined(changed, is_new=False, called_before=found.webhook_url)
    except UnlostError as error:
        raise CannotJoin(said(error)) from error


async def _check_token(client: ChatwootClient) -> None:
    profile, account = await client.profile(), client.account.account_id
    if not profile.role:
        raise CannotJoin(
            f"the token's user is no member of account {account}; look at --account (the number in /app/accounts/…)"
        )
    if profile.role != ADMINISTRATOR:
        raise CannotJoin(
            f"the token's role is {profile.role}; making an inbox and reading its secret takes an administrator's"
        )


def chosen(inboxes: Sequence[InboxSettings], wanted: Wanted) -> InboxSettings | None:
    """The one that is meant: by its number, else by whom it calls, else by its name; None where it is to be made.

    One that calls a door of the same name at another address may be another bridge's, so it is not taken unasked.

    Raises CannotJoin where the one that is meant is of another kind, or calls somebody else and was not named by its number.
    """
    if wanted.inbox_id is not None:
        found = next((one for one in inboxes if one.id == wanted.inbox_id), None)
        if found is None:
            raise CannotJoin(f"there is no inbox {wanted.inbox_id} in this account, or the token does not see it")
        if found.channel_type != API:
            raise CannotJoin(
                f"inbox {found.id} is a {found.channel_type.removeprefix('Channel::')} inbox; only one of the kind API can be joined"
            )
        return found
    ours = [one for one in inboxes if one.channel_type == API]
    calling = [one for one in ours if one.webhook_url == wanted.door_url]
    if calling:
        return min(calling, key=lambda one: one.id)
    named = min((one for one in ours if one.name == wanted.name), key=lambda one: one.id, default=None)
    if named is not None and named.webhook_url:
        raise CannotJoin(
            f"inbox {named.id} “{named.name}” calls another program; --inbox {named.id} takes it over, --inbox-name names a new one"
        )
    return named


async def _made(client: ChatwootClient, wanted: Wanted) -> InboxSettings:
    """After a lost answer it is looked for: Chatwoot would make a second of the same name."""
    try:
        return await client.inboxes.create(wanted.name, wanted.door_url)
    except Unsure:
        found = [one for one in await client.inboxes.all() if one.webhook_url == wanted.door_url]
        if not found:
            raise
        return min(found, key=lambda one: one.id)


def said(error: UnlostError) -> str:
    """In an operator's words."""
    if error.status == 402:
        return "the account may have no further inbox; --inbox ID takes one it has"
    if isinstance(error, Unsure):
        return "the helpdesk's answer was lost, and no such inbox is to be seen; run this again"
    if isinstance(error, Refused) and error.status == 401:
        return "the helpdesk does not know the token, or does not let it do this; take an administrator's (profile settings)"
    if isinstance(error, Refused) and error.status == 403:
        return "the helpdesk gives this account no API access; on Chatwoot's cloud it needs a paid plan"
    answered = f"answers {error.status}" if error.status else "does not answer"
    return f"the helpdesk {answered} ({error.cause.replace('_', ' ')}); look at --helpdesk-url"
