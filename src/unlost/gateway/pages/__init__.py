"""The gateway's own pages: devices with their live state, linking, what was told lately, and how the engines ended.

Who may come near is decided at the gate, as for every call of the REST API. Here every changing request needs the page's token
besides, every word from outside is bounded and escaped, and no message text, no whole phone number and no secret is shown.
"""

from unlost.gateway.pages.app import Pages

__all__ = ["Pages"]
