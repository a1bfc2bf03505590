-- Where a message of this id stands that was deleted for everyone by what is written down no more.
SELECT chat FROM message_link WHERE channel = :channel AND whatsapp_id = :target AND is_revoked = 1 LIMIT 50;
