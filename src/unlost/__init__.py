"""unlost carries WhatsApp conversations between a gateway and a helpdesk and loses nothing.

The road is the folder tree:

    WhatsApp → gateway webhook → journal → lane → interpreter → helpdesk

    vocabulary/   the words: ids, addresses, envelopes, events, steps, facts, verdicts, entry states
    errors.py     what the program raises on purpose
    settings/     read once, checked once, frozen
    telemetry/    named happenings, turned into log lines and counters
    transport/    one HTTP client; its failures, named
    spool/        files between the two sides: kept, looked at, named
    ingress/      1. the door
    journal/      2. what we remember
    lanes/        3. order and patience
    interpret/    4. meaning
    deliver/      5. doing
    gowa/         speaks to the gateway            chatwoot/  speaks to the helpdesk
    chores/       by the clock                     console/   the operator's API
    notices/      who is told when something needs a person
    doctor/       is all of it set up right?
    desk/         the demo helpdesk                gateway/   the simulated gateway
    road.py       which reader, interpreter and delivery serve which source
    assemble.py   builds every object from settings
    cli/          one file per command
"""

__version__ = "0.1.0"
