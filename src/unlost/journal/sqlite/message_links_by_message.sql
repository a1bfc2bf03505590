-- What a helpdesk message shows.
SELECT whatsapp_id, chat, sender, part, message, conversation, is_outgoing, confirmed_status, told_at, text_hash
  FROM message_link WHERE channel = :channel AND message = :message LIMIT 50;
