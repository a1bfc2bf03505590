"""Who is told when something needs a person, and that we live. Reads the program's own numbers, sends through Apprise.

Nothing on the road of a message waits for this room, and it writes nothing into the journal: a notice service that is away, slow
or wrong delays only its own notices. No message text, no phone number and no secret ever stands in one.
"""
