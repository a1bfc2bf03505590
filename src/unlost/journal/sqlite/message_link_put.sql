-- One part of a WhatsApp message stands as one helpdesk message; time and words are those of what stands.
INSERT INTO message_link (channel, whatsapp_id, chat, sender, part, message, conversation, is_outgoing, confirmed_status,
    told_at, text_hash, written_at)
  VALUES (:channel, :whatsapp_id, :chat, :sender, :part, :message, :conversation, :is_outgoing, :confirmed_status,
    :told_at, :text_hash, :now)
  ON CONFLICT DO UPDATE SET message = excluded.message, conversation = excluded.conversation,
    is_outgoing = excluded.is_outgoing, told_at = excluded.told_at, text_hash = excluded.text_hash,
    confirmed_status = excluded.confirmed_status, written_at = excluded.written_at;
