-- An absorbed form's row, once it was taken over.
DELETE FROM chat_link WHERE channel = :channel AND chat = :chat;
