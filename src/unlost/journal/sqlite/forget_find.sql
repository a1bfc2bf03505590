-- A slice of entries, for a look at whose they are.
SELECT id, state, kind, chat, sender, whatsapp_id FROM entry
 WHERE id > :after AND id <= :until AND channel = :channel AND (chat IS NOT NULL OR sender IS NOT NULL);
