-- Entries that carry this message id.
SELECT id, state, kind, chat, sender, is_empty FROM entry
 WHERE whatsapp_id = :whatsapp_id AND channel = :channel ORDER BY id LIMIT 200;
