"""Webhooks at the door: kept before they are answered, or refused with a reason."""

import asyncio
import io
import json
from dataclasses import replace

import pytest

from tests.unit.ingress.worlds import OTHER, OWN, World, asked, gateway_door, helpdesk_door, signature
from unlost.errors import NotCommitted
from unlost.ingress import gaps
from unlost.telemetry.log import telemetry_on
from unlost.vocabulary.envelopes import Kind, Source
from unlost.vocabulary.ids import ChannelName, WhatsAppId


async def test_a_signed_webhook_is_kept_and_answered_with_a_short_body() -> None:
    world = World()
    reply = await world.post(body=b'{"a": 1}')
    assert (reply.status, reply.body) == (200, b"ok\n")
    ((channel, arrival),) = world.journal.kept
    assert (channel, arrival.raw, arrival.twin_wait_s) == ("support", b'{"a": 1}', 60.0)


async def test_nothing_is_answered_before_the_journal_has_it() -> None:
    world = World()
    world.journal.wait = asyncio.Event()
    under_way = asyncio.create_task(world.post())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not under_way.done()
    world.journal.wait.set()
    assert (await under_way).status == 200


@pytest.mark.parametrize(
    "told", ["", "sha256=", signature(b"other"), signature(b"{}", b"secret"), signature(b"{}")[7:], "ü"]
)
async def test_a_wrong_signature_is_refused_and_counted(told: str) -> None:
    world = World()
    reply = await world.post(body=b"{}", x_hub_signature_256=told)
    assert reply.status == 401
    assert world.journal.kept == []
    assert world.metric("whatsapp_web_signature_invalid_total", side="gateway") == 1


async def test_the_time_of_a_refused_webhook_is_measured_too() -> None:
    """Those that end with 503 are the ones that took long."""
    world = World()
    await world.post()
    await world.post(x_hub_signature_256="")
    assert world.metric("whatsapp_web_webhook_duration_seconds_count", side="gateway") == 2


async def test_with_the_secret_off_unsigned_webhooks_are_taken() -> None:
    world = World(doors=(gateway_door(secret=None),))
    assert (await world.post(x_hub_signature_256="")).status == 200


@pytest.mark.parametrize(
    "path",
    ["/webhooks/gateway/suport", "/webhooks/gateway/", "/webhooks/", "/webhooks/whatsapp/6289", "/webhooks/x/support"],
)
async def test_an_unknown_channel_is_404_and_its_body_is_not_read(path: str) -> None:
    reply = await World().post(path)
    assert reply.status == 404
    assert reply.headers[b"connection"] == b"close"


@pytest.mark.parametrize(
    "spelling", ["628111111111", "+62-8111-111-111", "628111111111@s.whatsapp.net", "628111111111/"]
)
async def test_older_set_ups_find_their_channel_by_its_number(spelling: str) -> None:
    world = World()
    assert (await world.post(f"/webhooks/whatsapp/{spelling}")).status == 200
    assert len(world.journal.kept) == 1


@pytest.mark.parametrize(
    "path", ["/webhooks/gateway/support", "/webhooks/helpdesk/support", "/webhooks/whatsapp/628111111111"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_only_post_is_taken(path: str, method: str) -> None:
    reply = await World().get(path, method=method)
    assert (reply.status, reply.headers[b"allow"]) == (405, b"POST")


async def test_a_body_in_chunks_is_one_body() -> None:
    world = World()
    body = json.dumps({"text": "x" * 300}).encode()
    assert (await world.post(body=body, cut=7)).status == 200
    assert world.journal.kept[0][1].raw == body


@pytest.mark.parametrize("cut", [0, 100], ids=["in one piece", "in chunks"])
async def test_a_body_beyond_the_bound_is_413_and_a_gap(cut: int) -> None:
    world = World()
    reply = await world.post(body=b"x" * 1001, cut=cut)
    assert reply.status == 413
    assert world.metric("unlost_webhooks_refused_total", side="gateway", status="413") == 1
    assert await world.gaps.write()
    assert world.journal.gaps == [["support", "too_large", 1000.0, "closed"]]


async def test_an_announced_length_beyond_the_bound_is_not_even_read() -> None:
    world = World()
    reply = await asked(world.app, "POST", "/webhooks/gateway/support", [], {"content-length": "1001"})
    assert reply.status == 413


async def test_a_stranger_with_large_bodies_makes_one_gap_a_minute() -> None:
    world = World()
    for _ in range(5):
        await world.post(body=b"x" * 1001)
    world.clock.at += 61
    await world.post(body=b"x" * 1001)
    assert await world.gaps.write()
    assert len(world.journal.gaps) == 2


async def test_a_sender_that_hangs_up_leaves_nothing_behind() -> None:
    world = World()
    reply = await asked(world.app, "POST", "/webhooks/gateway/support", [b"half", b"x", b""], {})
    assert reply.status == 0
    assert world.journal.kept == []
    assert world.app.room.free_bytes == 4000


async def test_a_body_that_does_not_arrive_in_time_is_408() -> None:
    world = World(wait_s=0.01)

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/webhooks/gateway/support", "headers": []}
    await world.app(scope, receive, send)  # type: ignore[arg-type]  # plain dicts are what servers hand over
    assert sent[0]["status"] == 408


@pytest.mark.parametrize("error", [NotCommitted("disk full"), RuntimeError("a bug")])
async def test_what_is_not_committed_is_503_with_retry_after_and_a_gap_until_the_next_success(error: Exception) -> None:
    world = World()
    world.journal.broken = error
    reply = await world.post()
    assert (reply.status, reply.headers[b"retry-after"]) == (503, b"5")
    assert world.metric("unlost_journal_writable") == 0
    world.clock.at = 1007.0
    await world.post()
    assert await world.gaps.write() == (not isinstance(error, NotCommitted))
    world.journal.broken = None
    assert (await world.post()).status == 200
    assert await world.gaps.write()
    assert world.journal.gaps == [["support", "not_committed", 1000.0, "closed"]]
    assert world.metric("unlost_journal_writable") == 1


async def test_a_gap_is_open_while_nothing_is_kept() -> None:
    world = World()
    world.journal.broken = RuntimeError("a bug")
    await world.post()
    await world.gaps.write()
    assert world.journal.gaps == [["support", "not_committed", 1000.0, "open"]]


async def test_a_gap_that_another_bridge_closed_too_early_is_written_whole() -> None:
    world = World()
    world.journal.broken = OSError()
    await world.post()
    world.journal.broken = None
    await world.gaps.write()
    world.journal.gaps[0][3] = "closed"
    await world.post(body=b'{"n": 2}')
    await world.gaps.write()
    assert world.journal.gaps == [["support", "not_committed", 1000.0, "closed"]] * 2


async def test_a_second_failure_after_a_success_is_a_gap_of_its_own() -> None:
    world = World()
    for broken in (NotCommitted("full"), None, NotCommitted("full"), None):
        world.journal.broken = broken
        world.clock.at += 1
        await world.post()
    assert await world.gaps.write()
    assert [(since, state) for _, _, since, state in world.journal.gaps] == [(1001.0, "closed"), (1003.0, "closed")]


async def test_a_commit_that_takes_too_long_is_503() -> None:
    world = World(wait_s=0.01)
    world.journal.wait = asyncio.Event()
    assert (await world.post()).status == 503


async def test_more_at_once_than_allowed_are_503_and_those_inside_go_on() -> None:
    world = World(concurrency=2)
    world.journal.wait = asyncio.Event()
    inside = [asyncio.create_task(world.post(body=b'{"n": %d}' % number)) for number in range(2)]
    await asyncio.sleep(0)
    assert (await world.post()).status == 503
    world.journal.wait.set()
    assert [(await reply).status for reply in inside] == [200, 200]
    assert world.metric("unlost_journal_writable") == 1


async def test_bodies_in_pieces_share_a_bounded_room() -> None:
    world = World(held_max_bytes=1000)
    world.journal.wait = asyncio.Event()
    body = json.dumps({"text": "x" * 600}).encode()
    first = asyncio.create_task(world.post(body=body, cut=100))
    await asyncio.sleep(0)
    assert (await world.post(body=body, cut=100)).status == 503
    world.journal.wait.set()
    assert (await first).status == 200
    assert world.app.room.free_bytes == 1000


@pytest.mark.parametrize(
    "body", [b"", b"no json", b'{"bug": true}', b"\xff\x00"], ids=["empty", "text", "a bug", "bytes"]
)
async def test_a_signed_body_nobody_can_read_is_kept_raw_and_answered(body: bytes) -> None:
    world = World()
    assert (await world.post(body=body)).status == 200
    ((_, arrival),) = world.journal.kept
    assert arrival.raw == body
    assert (arrival.envelope.kind, arrival.envelope.chat) == (Kind.UNREADABLE, None)
    assert world.metric("whatsapp_web_message_processing_failures_total", reason="unreadable") == 1


@pytest.mark.parametrize(("body", "told"), [(b"no json", []), (b'{"bug": true}', ["bug.met"])])
async def test_only_a_readers_bug_is_told_as_one(body: bytes, told: list[str]) -> None:
    stream = io.StringIO()
    world = World(telemetry=telemetry_on(stream, as_json=True))
    await world.post(body=body)
    events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert events == [*told, "webhook.unreadable"]


async def test_an_unreadable_body_names_the_dialect_it_looks_like() -> None:
    world = World()
    await world.post(body=b'{"event": "message", "payload": nonsense')
    assert world.journal.kept[0][1].envelope.source is Source.ENVELOPE


def named(body: bytes) -> WhatsAppId | None:
    if body == b"bug":
        raise KeyError("bug")
    return WhatsAppId("unread-5f") if body == b"known" else None


@pytest.mark.parametrize(("body", "name"), [(b"known", "unread-5f"), (b"unknown", None), (b"bug", None)])
async def test_an_unreadable_body_is_kept_under_the_name_its_row_would_have(body: bytes, name: str | None) -> None:
    world = World(doors=(replace(gateway_door(), name_of_unread=named),))
    assert (await world.post(body=body)).status == 200
    assert world.journal.kept[0][1].envelope.id == name


async def test_the_same_body_twice_is_one_entry_and_both_are_answered() -> None:
    world = World()
    assert [(await world.post()).status for _ in range(2)] == [200, 200]
    assert len(world.journal.kept) == 1
    assert world.metric("unlost_duplicates_total", where="door") == 1


async def test_gos_client_is_hung_up_on_and_others_are_not() -> None:
    world = World()
    assert (await world.post(user_agent="Go-http-client/1.1")).headers[b"connection"] == b"close"
    assert b"connection" not in (await world.post(user_agent="rest-client/2.1")).headers


@pytest.mark.parametrize(("status", "secret"), [(401, b"another"), (503, None)])
async def test_gos_client_is_hung_up_on_where_its_webhook_is_refused_too(status: int, secret: bytes | None) -> None:
    """What is refused comes five times, each time with a transport of its own."""
    world = World(doors=(gateway_door(secret=secret),))
    world.journal.broken = NotCommitted("disk full")
    reply = await world.post(user_agent="Go-http-client/1.1")
    assert (reply.status, reply.headers[b"connection"]) == (status, b"close")
    assert b"connection" not in (await world.post(user_agent="rest-client/2.1")).headers


async def test_an_event_of_another_device_goes_to_its_channel_if_that_secret_verifies_too() -> None:
    world = World(doors=(gateway_door(), gateway_door("sales", device=OTHER)))
    await world.post(body=json.dumps({"device": OTHER}).encode())
    assert [channel for channel, _ in world.journal.kept] == ["sales"]


async def test_an_event_of_another_device_stays_where_its_secret_does_not_verify() -> None:
    world = World(doors=(gateway_door(), gateway_door("sales", device=OTHER, secret=b"another")))
    await world.post(body=json.dumps({"device": OTHER}).encode())
    ((channel, arrival),) = world.journal.kept
    assert (channel, arrival.envelope.device) == ("support", OTHER)


async def test_an_event_of_its_own_device_stays() -> None:
    world = World(doors=(gateway_door(), gateway_door("sales", device=OTHER)))
    await world.post(body=json.dumps({"device": OWN}).encode())
    assert [channel for channel, _ in world.journal.kept] == ["support"]


async def test_of_two_channels_with_one_number_the_signature_tells() -> None:
    world = World(doors=(gateway_door("a", secret=b"first"), gateway_door("b", secret=b"second")))
    reply = await world.post("/webhooks/whatsapp/628111111111", x_hub_signature_256=signature(b"{}", b"second"))
    assert reply.status == 200
    assert [channel for channel, _ in world.journal.kept] == ["b"]


@pytest.mark.parametrize(
    ("journal_is_used", "after_s", "hold_s"),
    [(False, 0.0, 0.5), (True, 0.0, 16.0), (True, 19.9, 16.0), (True, 20.0, 0.5)],
)
async def test_after_a_start_on_a_used_journal_bodies_are_held_longer(
    journal_is_used: bool, after_s: float, hold_s: float
) -> None:
    world = World(journal_is_used=journal_is_used)
    world.clock.at += after_s
    await world.post()
    assert world.journal.kept[0][1].hold_s == hold_s


async def test_after_a_503_bodies_of_that_channel_are_held_longer() -> None:
    world = World(doors=(gateway_door(), gateway_door("sales", device=OTHER)))
    world.journal.broken = NotCommitted("full")
    await world.post()
    world.journal.broken = None
    world.clock.at += 5
    await world.post()
    await world.post("/webhooks/gateway/sales", b'{"n": 2}')
    assert [arrival.hold_s for _, arrival in world.journal.kept] == [16.0, 0.5]


async def test_after_the_gateway_came_back_bodies_of_that_channel_are_held_longer_for_20_s() -> None:
    world = World(doors=(gateway_door(), gateway_door("sales", device=OTHER)))
    world.keeping.trouble(ChannelName("support"))
    for body, path, after_s in ((1, "support", 0.0), (2, "sales", 0.0), (3, "support", 20.0)):
        world.clock.at += after_s
        await world.post(f"/webhooks/gateway/{path}", b'{"n": %d}' % body)
    assert [arrival.hold_s for _, arrival in world.journal.kept] == [16.0, 0.5, 0.5]
    assert world.journal.gaps == []


async def test_a_helpdesk_webhook_is_verified_and_kept_with_its_delivery() -> None:
    world = World()
    assert (await world.post("/webhooks/helpdesk/support", x_chatwoot_delivery="d1")).status == 200
    ((_, arrival),) = world.journal.kept
    assert (arrival.envelope.id, arrival.hold_s) == ("d1", 1.0)


async def test_an_unsigned_helpdesk_webhook_is_refused_and_counted() -> None:
    world = World(doors=(helpdesk_door(),))
    assert (await world.post("/webhooks/helpdesk/support", x_chatwoot_signature="bad")).status == 401
    assert world.metric("whatsapp_web_signature_invalid_total", side="helpdesk") == 1


@pytest.mark.parametrize("prefix", ["", "/maybe/a/path"])
async def test_the_path_of_the_public_address_may_be_left_by_the_proxy_or_not(prefix: str) -> None:
    world = World(public_url="https://bridge.example.com/maybe/a/path")
    assert (await world.post(f"{prefix}/webhooks/gateway/support")).status == 200


async def test_refusals_are_all_counted_and_seldom_written() -> None:
    world = World()
    for _ in range(50):
        await world.post(x_hub_signature_256="bad")
    assert world.metric("whatsapp_web_signature_invalid_total", side="gateway") == 50
    assert len(world.app._line_at) == 1


async def test_the_keeper_writes_by_itself_once_the_journal_can() -> None:
    world = World()
    running = asyncio.create_task(world.gaps.run())
    world.journal.broken = RuntimeError("a bug")
    await world.post()
    for _ in range(20):
        await asyncio.sleep(0)
    running.cancel()
    assert world.journal.gaps[0][3] == "open"


async def test_a_gap_ends_when_the_journal_can_be_written_again_though_nobody_knocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gaps, "QUIET_S", 0.01)
    world = World()
    world.journal.broken = RuntimeError("a bug")
    await world.post()
    world.journal.broken = None
    world.clock.at += 1.0
    running = asyncio.create_task(world.gaps.run())
    async with asyncio.timeout(5.0):
        while not world.journal.gaps or world.journal.gaps[0][3] == "open":
            await asyncio.sleep(0.001)
    running.cancel()
