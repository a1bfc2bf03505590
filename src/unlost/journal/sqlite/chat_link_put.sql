-- The chat's row, written whole; releases the claim on it.
INSERT INTO chat_link (channel, chat, contact, conversation, name, name_is_ours, picture_id, written_at)
  VALUES (:channel, :chat, :contact, :conversation, :name, :name_is_ours, :picture_id, :now)
  ON CONFLICT DO UPDATE SET contact = excluded.contact, conversation = excluded.conversation, name = excluded.name,
    name_is_ours = excluded.name_is_ours, picture_id = excluded.picture_id, written_at = excluded.written_at,
    ensuring_lane = NULL, ensuring_token = NULL;
