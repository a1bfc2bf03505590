-- The name and what stands for the chat.
DELETE FROM chat_link WHERE channel = :channel AND chat = :address RETURNING 1;
