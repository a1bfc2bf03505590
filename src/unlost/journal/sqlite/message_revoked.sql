-- All parts of a message were deleted for everyone.
UPDATE message_link SET is_revoked = 1
 WHERE channel = :channel AND whatsapp_id = :target AND chat = :chat AND sender = :sender;
