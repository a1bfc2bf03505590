"""How long a body waits for those that may have been told before it."""

TROUBLE_S = 20.0  # GOWA's last try comes 15 s after its first; design section 4 takes 20


def hold_s(now: float, *, troubled_at: float | None, reorder_wait_s: float, gap_wait_s: float) -> float:
    """Seconds to hold a body that arrives at *now*.

    *troubled_at*: the last start on a used journal, 503, or return of the gateway, by the same monotonic clock; None where there was none. For 20 s
    behind it retried webhooks still come back, and the longer *gap_wait_s* holds.
    """
    if troubled_at is not None and now - troubled_at < TROUBLE_S:
        return gap_wait_s
    return reorder_wait_s
