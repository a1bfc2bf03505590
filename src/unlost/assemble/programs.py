"""What desk and gateway are started with, drawn from the bridge's own settings: one file describes all three."""

from unlost.desk.settings import DeskSettings
from unlost.gateway.settings import Dialect, EngineName, GatewaySettings, Temper
from unlost.settings.secret import Secret
from unlost.settings.values import Channel, Settings

OFF = ""


def desk_settings(settings: Settings, *, request_limit_s: float, enable_faults: bool) -> DeskSettings | None:
    """The demo helpdesk for the first channel; None where the settings have no [desk] or no channel."""
    if settings.desk is None or not settings.channels:
        return None
    desk, channel = settings.desk, settings.channels[0]
    return DeskSettings(
        data_folder=settings.path(desk.data),
        token=channel.helpdesk.token.reveal(),
        listen_host=desk.listen.host,
        listen_port=desk.listen.port,
        password=desk.password.reveal(),
        account_id=channel.helpdesk.account_id,
        inbox_id=channel.helpdesk.inbox_id,
        webhook_url=f"{_door(settings)}/webhooks/helpdesk/{channel.name}",
        webhook_secret=_shown(channel.helpdesk.webhook_secret),
        request_limit_s=request_limit_s,
        enable_faults=enable_faults,
    )


def gateway_settings(settings: Settings, *, enable_faults: bool) -> GatewaySettings | None:
    """Our gateway for the first channel that names a device; None where there is no [gateway] or no such channel."""
    channel = next((channel for channel in settings.channels if channel.gateway.device), None)
    if settings.gateway is None or channel is None or channel.gateway.device is None:
        return None
    gateway = settings.gateway
    return GatewaySettings(
        data_folder=settings.path(gateway.data),
        device=channel.gateway.device,
        webhook_urls=(f"{_door(settings)}/webhooks/gateway/{channel.name}",),
        listen_host=gateway.listen.host,
        listen_port=gateway.listen.port,
        engine=EngineName(gateway.engine),
        temper=Temper(gateway.temper),
        dialect=Dialect(gateway.dialect),
        webhook_secret=_shown(channel.gateway.webhook_secret),
        username=channel.gateway.username,
        password=_gateway_password(channel, gateway.password),
        avatars=gateway.avatars,
        webhook_days=gateway.webhook_days,
        events_days=gateway.events_days,
        events_max_bytes=gateway.events_max_bytes,
        enable_faults=enable_faults,
    )


def _gateway_password(channel: Channel, own: Secret) -> str:
    return own.reveal() or channel.gateway.password.reveal()


def _shown(secret: Secret | None) -> str:
    return OFF if secret is None else secret.reveal()


def _door(settings: Settings) -> str:
    """The bridge's door as a program on this machine reaches it."""
    listen = settings.server.listen
    host = "127.0.0.1" if listen.host in ("0.0.0.0", "::", "localhost") else listen.host  # noqa: S104 - compared only
    return f"http://{f'[{host}]' if ':' in host else host}:{listen.port}"
