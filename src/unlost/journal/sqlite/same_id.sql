-- Entries that carry this message id, and how they ended.
SELECT id, state, kind, chat, sender, is_empty, reason, told_at FROM entry
 WHERE whatsapp_id = :whatsapp_id AND channel = :channel ORDER BY id LIMIT 200;
