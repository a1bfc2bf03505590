-- Who wrote messages of this id, where, and whether what stands was deleted for everyone by what is written down no more.
SELECT chat, sender, max(is_revoked) FROM message_link WHERE channel = :channel AND whatsapp_id = :target
 GROUP BY chat, sender LIMIT 50;
