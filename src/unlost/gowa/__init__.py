"""Speaks to the gateway (GOWA 7.2.1 to 9.2, and ours): its readers, its client, its errors.

Knows nothing of the journal, of order, of retries or of the helpdesk. Nobody outside this room looks inside a JID or sees a
status code of the gateway.
"""
