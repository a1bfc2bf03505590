"""A correspondent: somebody else's WhatsApp, with a Signal identity of its own and one device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from pyaileys.auth.creds import AuthenticationCreds
from pyaileys.auth.creds import KeyPair as LibraryKeys
from pyaileys.auth.state import AuthenticationState
from pyaileys.auth.utils import init_auth_creds
from pyaileys.messages.wa_message import decode_wa_message_bytes, encode_wa_message_bytes
from pyaileys.signal.repository import PreKeyBundle, PreKeyBundleKey, SignalRepository

from tests.fake_whatsapp.account import Account, DeviceKeys, PreKey
from tests.fake_whatsapp.jids import LIDS, bare, server_of, user_of
from tests.fake_whatsapp.keys import DJB, KeyPair
from tests.fake_whatsapp.signal_store import SignalStore

FIRST_PREKEY = 100


@dataclass(frozen=True)
class Sealed:
    """A ciphertext and its kind: `pkmsg` begins a session, `msg` goes on with one, `skmsg` is for a group."""

    kind: str
    raw: bytes


class Peer:
    """A person. *jid* may be a number's or, where the number is hidden, a LID.

    A number has a LID too, `9<number>@lid` unless one is given. *name* is the push name on what the person sends;
    *identity* is only given for the phone of a device under test, which vouched with it.
    """

    def __init__(self, jid: str, *, lid: str = "", name: str = "Bob", identity: KeyPair | None = None) -> None:
        self.jid, self.name = bare(jid), name
        self.status = "Here for tests"
        self.business = ""
        """The name that WhatsApp has verified, where the person is a firm."""
        self.lid = self.jid if server_of(jid) == LIDS else lid or f"9{user_of(jid)}@{LIDS}"
        self._store = SignalStore()
        self._credentials = _credentials(identity or KeyPair.generate())
        self._signal = SignalRepository(AuthenticationState(self._credentials, self._store))
        self._prekey_ids = count(FIRST_PREKEY)

    def __repr__(self) -> str:
        return f"Peer({self.jid})"

    async def seal(self, account: Account, plain: bytes) -> Sealed:
        """Encrypt for *account*, beginning a session with one of its one-time keys where none stands."""
        if not await self._signal.validate_session(account.address):
            await self.begin(account, account.keys, account.prekeys.popleft() if account.prekeys else None)
        kind, raw = await self._signal.encrypt_message(account.address, data=encode_wa_message_bytes(plain))
        return Sealed(kind, raw)

    async def open(self, account: Account, sealed: Sealed) -> bytes:
        """Decrypt what *account* sent to this person alone. Raises the library's SignalError."""
        padded = await self._signal.decrypt_message(account.address, message_type=sealed.kind, ciphertext=sealed.raw)
        return decode_wa_message_bytes(padded)

    async def begin(self, account: Account, keys: DeviceKeys, prekey: PreKey | None) -> None:
        """Begin a new session with *account*, whatever stood before."""
        signed = keys.signed_prekey
        bundle = PreKeyBundle(
            keys.registration_id,
            DJB + keys.identity,
            PreKeyBundleKey(signed.id, DJB + signed.public, signed.signature),
            PreKeyBundleKey(prekey.id, DJB + prekey.public) if prekey else None,
        )
        await self._signal.inject_outgoing_session(account.address, bundle)

    def settle(self, account: Account) -> None:
        """Go on as if *account* had answered, so that the next message is a `msg`."""
        self._store.settle(self._name_of(account))

    def forget(self, account: Account) -> None:
        """Lose the session, as a reinstalled WhatsApp does."""
        self._store.forget("session", self._name_of(account))

    async def seal_for_group(self, group: str, plain: bytes) -> tuple[Sealed, bytes]:
        """Encrypt for *group* with this person's sender key; and the key's distribution, which a reader needs."""
        padded = encode_wa_message_bytes(plain)
        raw, distribution = await self._signal.encrypt_group_message(group_jid=group, me_jid=self.jid, data=padded)
        return Sealed("skmsg", raw), distribution

    async def learn_sender_key(self, group: str, account: Account, distribution: bytes) -> None:
        await self._signal.process_sender_key_distribution_message(
            group, author_jid=account.address, distribution_bytes=distribution
        )

    async def open_for_group(self, group: str, account: Account, raw: bytes) -> bytes:
        """Decrypt what *account* sent to *group*, its sender key being known."""
        padded = await self._signal.decrypt_group_message(group_jid=group, author_jid=account.address, ciphertext=raw)
        return decode_wa_message_bytes(padded)

    async def keys(self) -> tuple[DeviceKeys, PreKey]:
        """What the server hands to somebody who begins a session: the lasting keys, and a new one-time key."""
        once, number = KeyPair.generate(), next(self._prekey_ids)
        await self._store.set({"pre-key": {str(number): {"public": once.public, "private": once.private}}})
        signed, told = self._credentials.signed_pre_key, self._credentials
        keys = DeviceKeys(
            told.registration_id,
            told.signed_identity_key.public[-32:],
            PreKey(signed.key_id, signed.key_pair.public[-32:], signed.signature),
            b"",
        )
        return keys, PreKey(number, once.public)

    def _name_of(self, account: Account) -> str:
        return str(self._signal.jid_to_address(account.address))


def _credentials(identity: KeyPair) -> AuthenticationCreds:
    """The library's set of keys, with this identity in it and the signed key signed by it."""
    made = init_auth_creds()
    signed = made.signed_pre_key
    made.signed_identity_key = LibraryKeys(public=identity.public, private=identity.private)
    made.signed_pre_key = replace(signed, signature=identity.sign(DJB + signed.key_pair.public))
    return made
