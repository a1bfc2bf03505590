"""Why a side does not answer, told apart, and how far its clock is off."""

from collections.abc import Iterator

from unlost.doctor.findings import Finding, ok, warning, wrong
from unlost.doctor.sights import Trouble

SIGNATURE_AGE_MAX_S = 300
"""A signature's stamp may be this far off, either way (`chatwoot.signature`)."""
CLOCK_WARN_S = 30
"""Above what a Date header's whole seconds and a slow answer explain."""

CURES = {
    "dns": "its name has no address from here: look at the host in url; in containers both need one network",
    "connection_refused": "nobody listens there: is it started, is the port right, does a firewall refuse?",
    "tls": "its certificate is not accepted here: expired, made for another name, or of an authority this machine does not know; "
    "or url says https where http is spoken",
    "timeout": "no answer in time: a firewall that drops, or a side that hangs; look at it first",
    "broken": "the connection broke in the middle: a proxy between, or a side that is dying; look at its log",
    "rate_limited": "it asks for less (429): RACK_ATTACK_ALLOWED_IPS lets the bridge's address pass; look who else calls",
    "unreadable": "what answers there is another program, or a login page before it: look at url, and at its path",
}
"""By cause."""
STATUS_CURES = {
    404: "what answers there does not know this call: look at url, and at its path",
}


def judge_reach(side: str, what: str, url: str, trouble: Trouble) -> Finding:
    """What a question that came to nothing means; 401 and 403 mean something of their own, which the caller says."""
    status = trouble.status
    if status is not None and 300 <= status < 400:
        return wrong(
            f"{side}.redirect", f"{what} at {url} sends us elsewhere ({status})", "enter the address it leads to as url"
        )
    if status is not None and status >= 500:
        cure = "it answers, and fails: look at its log, or at the proxy before it"
        return wrong(f"{side}.fails", f"{what} at {url} answers {status}", cure)
    said = f"answers {status}" if status is not None else f"does not answer ({trouble.cause.replace('_', ' ')})"
    cure = STATUS_CURES.get(status or 0) or CURES.get(trouble.cause) or "look at its log"
    return wrong(f"{side}.{trouble.cause}", f"{what} at {url} {said}", cure)


def judge_clock(side: str, what: str, off_s: float | None, *, signs: bool) -> Iterator[Finding]:
    """*off_s*: how far its clock is ahead of ours. *signs*: what it sends is refused when its stamp is five minutes off."""
    code = f"{side}.clock"
    if off_s is None:
        return
    said = f"the clock of {what} is {abs(off_s):.0f} s {'ahead of' if off_s > 0 else 'behind'} this machine's"
    cure = "let both machines take their time from NTP"
    if signs and abs(off_s) >= SIGNATURE_AGE_MAX_S:
        yield wrong(code, f"{said}: its webhooks are refused, their signatures are too old or too new", cure)
    elif abs(off_s) >= CLOCK_WARN_S:
        yield warning(code, said, cure)
    else:
        yield ok(code, f"the clock of {what} agrees with this machine's")
