-- Who deleted a message of this id for everyone, where, and whether that deletion has ended.
SELECT chat, sender, state FROM entry WHERE target = :target AND kind = 'revoke' AND channel = :channel LIMIT 50;
