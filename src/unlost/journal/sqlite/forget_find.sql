-- A slice of entries, for a look at whose they are.
SELECT id, state, source, kind, chat, sender, whatsapp_id, target FROM entry
 WHERE id > :after AND id <= :until AND channel = :channel AND (chat IS NOT NULL OR sender IS NOT NULL OR kind = 'unreadable');
