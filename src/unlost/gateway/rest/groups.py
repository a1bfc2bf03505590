"""`/group/…`: what is asked about groups."""

from __future__ import annotations

import csv
import io

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway import wire_rest
from unlost.gateway.addresses import is_group
from unlost.gateway.engines.answers import GroupInfo
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import answer, invalid, plain_error
from unlost.gateway.rest.breaking import break_if_told
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.people import paced

COLUMNS = ("jid", "phone_number", "lid", "display_name", "is_admin", "is_super_admin")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Groups:
    """The calls that read groups."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def info(self, request: Request) -> Response:
        return answer("Success get group info", wire_rest.group_info(await self._asked(request)))

    async def participants(self, request: Request) -> Response:
        group = await self._asked(request)
        told = {"group_id": group.jid, "name": group.name, "participants": wire_rest.participants(group)}
        return answer("Success get group participants", told)

    async def export(self, request: Request) -> Response:
        """The members as CSV; a name that a spreadsheet would take for a formula is quoted."""
        group = await self._asked(request)
        written = io.StringIO()
        rows = csv.writer(written)
        rows.writerow(COLUMNS)
        rows.writerows([_cell(row[name]) for name in COLUMNS] for row in wire_rest.participants(group))
        headers = {"Content-Disposition": 'attachment; filename="participants.csv"'}
        return Response(written.getvalue(), media_type="text/csv", headers=headers)

    async def _asked(self, request: Request) -> GroupInfo:
        asked, live = query.address(request, "group_id"), self._counter.device(request)
        break_if_told(self._counter.faults)
        if not is_group(asked):
            raise invalid("group_id: must be the address of a group (…@g.us).")
        group = await paced(self._counter, live, lambda: live.engine.group_info(asked))
        if group is None:
            raise plain_error("that group does not exist")
        return group


def _cell(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value or "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
