-- What stands for a chat in the helpdesk.
SELECT chat, contact, conversation, name, name_is_ours, picture_id, ensuring_lane, ensuring_token
  FROM chat_link WHERE channel = :channel AND chat = :chat;
