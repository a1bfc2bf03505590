-- The remembered conversation answered 404.
UPDATE chat_link SET conversation = NULL WHERE channel = :channel AND chat = :chat;
