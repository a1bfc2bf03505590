-- Claim the chat's row before anything is created for it.
INSERT INTO chat_link (channel, chat, written_at, ensuring_lane, ensuring_token) VALUES (:channel, :chat, :now, :lane, :token)
  ON CONFLICT DO UPDATE SET ensuring_lane = excluded.ensuring_lane, ensuring_token = excluded.ensuring_token;
