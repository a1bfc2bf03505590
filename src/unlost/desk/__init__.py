"""The demo helpdesk: a program of its own that speaks the part of Chatwoot's API (4.16.2) a bridge uses.

The rule of this room: the bridge must not be able to tell it from Chatwoot, and it knows no other room of the
bridge. All rules live in `world` and the files it calls; they are synchronous, take *now* and randomness as
arguments and do no I/O but their store, so that a seeded simulation drives the very same code without HTTP.
`server` is a thin HTTP shell over it. One user, not for a team.
"""
