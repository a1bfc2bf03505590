"""The operator's pages and API: what stands in the journal, and the verbs a person may use. No rules, no wire shapes, no SQL.

Every word from outside is a stranger's: bounded and escaped. A customer's words are shown to whoever is logged in, on the page of
one entry and in the list of dead letters; no log line and no answer of the API holds them.
"""
