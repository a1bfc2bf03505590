-- Who deleted this message for everyone, as far as those deletions have ended: where they did not find it they stay as tombstones.
SELECT chat, sender FROM entry
 WHERE target = :whatsapp_id AND kind = 'revoke' AND channel = :channel AND state IN ('done', 'dead') LIMIT 20;
