"""From the file to frozen values, and every way to get it wrong."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from tests.unit.settings.files import channel, written
from unlost.settings.errors import SettingsError
from unlost.settings.reading import read_settings, settings_path
from unlost.settings.shapes import Listen
from unlost.settings.values import Settings


def read(folder: Path, text: str, **environ: str) -> Settings:
    return read_settings(written(folder, text), environ)


def wrong(folder: Path, text: str, **environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as raised:
        read(folder, text, **environ)
    return raised.value


def test_a_file_with_one_channel_gives_every_default(tmp_path: Path) -> None:
    settings = read(tmp_path, channel())
    (support,) = settings.channels
    assert settings.server.listen == Listen("127.0.0.1", 8080)
    assert settings.retry.lookup_tries == 3
    assert settings.journal_path == tmp_path / "data" / "unlost.db"
    assert support.gateway.twin_wait_s == 60
    assert support.gateway.avatars == "on"
    assert support.helpdesk.webhook_secret is None
    assert settings.desk is None
    assert settings.gateway is None


@pytest.mark.parametrize(("kind", "reorder_wait_s", "gap_wait_s"), [("gowa", 0.5, 16.0), ("unlost", 0.0, 0.0)])
def test_the_waits_hang_on_the_kind_of_gateway(
    tmp_path: Path, kind: str, reorder_wait_s: float, gap_wait_s: float
) -> None:
    (support,) = read(tmp_path, channel(kind=kind)).channels
    assert (support.gateway.reorder_wait_s, support.gateway.gap_wait_s) == (reorder_wait_s, gap_wait_s)


def test_a_written_wait_beats_the_kind(tmp_path: Path) -> None:
    (support,) = read(tmp_path, channel(gateway="reorder_wait_s = 2")).channels
    assert support.gateway.reorder_wait_s == 2.0


def test_an_absolute_journal_stays_where_it_is(tmp_path: Path) -> None:
    settings = read(tmp_path, '[journal]\nurl = "sqlite:////var/lib/unlost/a.db"')
    assert settings.journal_path == Path("/var/lib/unlost/a.db")


def test_values_are_frozen(tmp_path: Path) -> None:
    settings = read(tmp_path, channel())
    with pytest.raises(FrozenInstanceError):
        settings.server.timezone = "UTC"  # type: ignore[misc]  # that it cannot be set is the point


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("[sever]\n", "sever", "did you mean server?"),
        ('[server]\nlisen = "a"', "server.lisen", "did you mean listen?"),
        ('[server]\nlisten = "8080"', "server.listen", "address:port"),
        ('[server]\nlisten = "door.example.com:80"', "server.listen", "address:port"),
        ('[server]\nlisten = "127.0.0.1:99999"', "server.listen", "address:port"),
        ('[server]\npublic_url = "ftp://a"', "server.public_url", "http://"),
        ('[server]\npublic_url = "https://me:word@a"', "server.public_url", "without user"),
        ('[server]\ntimezone = "Sao Paulo"', "server.timezone", "unknown time zone"),
        ('[server]\ntimezone = "../../etc/passwd"', "server.timezone", "unknown time zone"),
        ("[journal]\nkeep_days = 0", "journal.keep_days", "from 1 to 3650 (days)"),
        ("[journal]\nkeep_days = 1.5", "journal.keep_days", "a whole number"),
        ("[journal]\nkeep_days = true", "journal.keep_days", "a whole number"),
        ('[journal]\nkeep_days = "30"', "journal.keep_days", "a whole number"),
        ("[retry]\nbase_s = nan", "retry.base_s", "from 0.1 to 3600 (seconds)"),
        ('[retry]\nschedule = "fibonacci"', "retry.schedule", '"exponential" or "linear"'),
        ('[journal]\nurl = "postgresql://h/db"', "journal.url", "later version"),
        ('[journal]\nurl = "mysql://h/db"', "journal.url", "sqlite:///path"),
        ("[journal]\nkeep_days = 500", "journal.keep_links_days", "journal.keep_days"),
        ("[limits]\nslots = 4", "limits.background_slots", "below limits.slots"),
        (
            "[limits]\nmedia_spool_max_bytes = 41943039",
            "limits.media_spool_max_bytes",
            "raise it, or lower limits.media_max_bytes",
        ),
        ('server = "x"', "server", "section in brackets"),
        ("[channel]\n", "channel", "[[channel]]"),
        ('[[channel]]\nname = "a"', "channel.a.gateway", "missing"),
        (channel(more="grups = true"), "channel.support.grups", "did you mean groups?"),
        (channel(more='groups = "yes"'), "channel.support.groups", "true or false"),
        (channel("Support Team"), "channel.Support Team.name", "a short name"),
        (channel(gateway='avatars = "sometimes"'), "channel.support.gateway.avatars", 'true or false or "always"'),
        (channel(gateway='device = "group@g.us"'), "channel.support.gateway.device", "phone number"),
        (channel(gateway='pasword = "x"'), "channel.support.gateway.pasword", "did you mean password?"),
        (channel(helpdesk="call_timeout_s = 46"), "channel.support.helpdesk.call_timeout_s", "from 1 to 45"),
        (channel() + channel(inbox=2), "channel.support.name", "bears that name already"),
        (channel("a-b") + channel("a_b", inbox=2), "channel.a_b.name", "a-b bears that name already"),
        (channel() + channel("other"), "channel.other.helpdesk.inbox_id", "two numbers cannot share one"),
        ("[journal]\nlease_s = 30\n" + channel(helpdesk="call_timeout_s = 26"), None, "must not be above 15 s"),
    ],
)
def test_what_is_wrong_is_named_with_file_key_and_cure(tmp_path: Path, text: str, key: str | None, says: str) -> None:
    error = wrong(tmp_path, text)
    assert error.file == str(tmp_path / "unlost.toml")
    assert key is None or error.key == key
    assert says in str(error)
    assert "\n" not in str(error)


def test_a_spool_of_the_largest_files_size_is_accepted(tmp_path: Path) -> None:
    text = f"[limits]\nmedia_spool_max_bytes = 20000000\nmedia_max_bytes = 20000000\n{channel()}"
    assert read_settings(written(tmp_path, text), {}).limits.media_spool_max_bytes == 20_000_000


def spool_of(folder: Path, room_bytes: int, **size_bytes: int) -> Settings:
    channels = (
        channel(name, inbox=n, more=f"media_max_bytes = {each}") for n, (name, each) in enumerate(size_bytes.items(), 1)
    )
    return read(folder, f"[limits]\nmedia_spool_max_bytes = {room_bytes}\n{''.join(channels)}")


def test_a_spool_of_every_channels_largest_file_is_accepted_and_no_smaller_one(tmp_path: Path) -> None:
    """A channel's own limit counts, where limits.media_max_bytes does not lower it."""
    assert spool_of(tmp_path, 61_943_040, a=20_000_000, b=1_000_000_000).limits.media_spool_max_bytes == 61_943_040
    with pytest.raises(SettingsError, match="not be below 61943040 bytes, the largest file of every channel together"):
        spool_of(tmp_path, 61_943_039, a=20_000_000, b=1_000_000_000)


def test_a_required_key_that_is_missing_is_asked_for(tmp_path: Path) -> None:
    error = wrong(tmp_path, channel().replace('token = "t0ken"\n', ""))
    assert str(error).endswith(
        'channel.support.helpdesk.token: missing: must be a secret, best as "env:NAME" or "file:/path"'
    )


def test_a_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unlost init"):
        read_settings(tmp_path / "none.toml", {})


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[server", b"a = " + b"[" * 100_000])
def test_a_file_that_is_no_toml_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "unlost.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"not (TOML|UTF-8)"):
        read_settings(path, {})


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path, {})


def test_any_value_may_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    text = channel(more='groups = "env:GROUPS"\nignore = "env:IGNORE"').replace('"t0ken"', '"file:token"')
    (support,) = read(
        tmp_path, text, GROUPS="false", IGNORE="+62 811 1, 123@g.us".replace("+62 811 1", "+62 8111234")
    ).channels
    assert support.helpdesk.token.reveal() == "from-a-file"
    assert support.groups is False
    assert support.ignore == ("628111234@s.whatsapp.net", "123@g.us")


@pytest.mark.parametrize(
    ("pointer", "says"),
    [
        ("env:NOT_THERE", "NOT_THERE is not set"),
        ("file:/not/there", "cannot be read"),
        ("file:\\u0000", "names no file"),
    ],
)
def test_a_pointer_to_nothing_is_named(tmp_path: Path, pointer: str, says: str) -> None:
    error = wrong(tmp_path, channel().replace("t0ken", pointer))
    assert error.key == "channel.support.helpdesk.token"
    assert says in error.text


def test_all_variables_that_are_not_set_are_named_at_once(tmp_path: Path) -> None:
    text = channel().replace("t0ken", "env:TOKEN").replace("s3cret-of-the-gateway", "env:SECRET")
    assert "SECRET is not set, nor is TOKEN" in wrong(tmp_path, text).text
    text = text.replace('"off"', '"env:OTHER"')
    assert "SECRET is not set, nor are TOKEN, OTHER" in wrong(tmp_path, text).text


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        channel("my-shop"),
        UNLOST__SERVER__LISTEN="0.0.0.0:80",
        UNLOST__JOURNAL__KEEP_DAYS="7",
        UNLOST__CHANNEL__MY_SHOP__GATEWAY__PASSWORD="123",
        UNLOST__CHANNEL__MY_SHOP__GROUPS="false",
    )
    (shop,) = settings.channels
    assert str(settings.server.listen) == "0.0.0.0:80"
    assert settings.journal.keep_days == 7
    assert shop.gateway.password.reveal() == "123"
    assert shop.groups is False


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("UNLOST__SERVER__LISTEN", "nowhere", "address:port"),
        ("UNLOST__SERVER__LISEN", "127.0.0.1:1", "did you mean listen?"),
        ("UNLOST__CHANNEL__SUPORT__GROUPS", "true", "did you mean support?"),
        ("UNLOST__CHANNEL__SUPPORT", "true", "UNLOST__CHANNEL__<NAME>__KEY"),
        ("UNLOST__JOURNAL__KEEP_DAYS", "a week", "from 1 to 3650 (days)"),
        ("UNLOST__SERVER__LISTEN__PORT", "1", "section"),
    ],
)
def test_a_wrong_override_is_named(tmp_path: Path, variable: str, value: str, says: str) -> None:
    assert says in str(wrong(tmp_path, "[server]\nlisten = '127.0.0.1:1'\n" + channel(), **{variable: value}))


def test_no_secret_is_ever_printed(tmp_path: Path) -> None:
    settings = read(tmp_path, channel())
    assert "s3cret" not in repr(settings)
    assert "t0ken" not in repr(settings)
    assert "…" in repr(settings.channels[0].gateway)


def test_a_secret_of_the_wrong_type_is_not_repeated(tmp_path: Path) -> None:
    error = wrong(tmp_path, channel().replace('"t0ken"', "73577357"))
    assert "73577357" not in str(error)


def test_the_file_is_found_by_option_then_variable_then_folder() -> None:
    assert settings_path(Path("a.toml"), {"UNLOST_CONFIG": "b.toml"}) == Path("a.toml")
    assert settings_path(None, {"UNLOST_CONFIG": "b.toml"}) == Path("b.toml")
    assert settings_path(None, {}) == Path("unlost.toml")


@pytest.mark.parametrize(
    "spelling", ["+62 812-3456-789", "628123456789", "628123456789@s.whatsapp.net", "628123456789:3@s.whatsapp.net"]
)
def test_a_device_may_be_written_in_any_spelling(tmp_path: Path, spelling: str) -> None:
    (support,) = read(tmp_path, channel(gateway=f'device = "{spelling}"')).channels
    assert support.gateway.device == "628123456789@s.whatsapp.net"
