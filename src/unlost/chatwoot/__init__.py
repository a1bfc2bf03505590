"""Speaks to the helpdesk (Chatwoot 4.2 and later): its reader, its client, its errors.

Knows nothing of the journal, of order, of retries or of the gateway. Nobody outside this room sees a status code's meaning, a
wire shape or a token. Facts were read from Chatwoot 4.16.2 unless a line says otherwise.
"""
