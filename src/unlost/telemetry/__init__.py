"""Named happenings, turned into log lines and counters. No message text, no secret, no whole phone number is ever told."""
