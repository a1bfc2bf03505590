-- Links written or confirmed since.
SELECT whatsapp_id, chat, sender, part, message, conversation, is_outgoing, confirmed_status, told_at, text_hash
  FROM message_link WHERE channel = :channel AND written_at >= :since ORDER BY written_at LIMIT :limit;
