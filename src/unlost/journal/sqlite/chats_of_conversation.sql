-- Chats whose conversation it is.
SELECT channel, chat FROM chat_link WHERE conversation = :conversation ORDER BY channel, chat LIMIT 100;
