-- Links written or confirmed since, and before *until*.
SELECT whatsapp_id, chat, sender, part, message, conversation, is_outgoing, confirmed_status, told_at, text_hash
  FROM message_link WHERE channel = :channel AND written_at >= :since AND written_at < :until
 ORDER BY written_at LIMIT :limit;
