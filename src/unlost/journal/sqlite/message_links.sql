-- All parts of all messages that carry this id.
SELECT whatsapp_id, chat, sender, part, message, conversation, is_outgoing, confirmed_status, told_at, text_hash
  FROM message_link WHERE channel = :channel AND whatsapp_id = :whatsapp_id LIMIT 50;
