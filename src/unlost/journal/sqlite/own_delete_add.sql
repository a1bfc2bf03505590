-- Our own DELETE, written down before it is made.
INSERT INTO own_delete (channel, message, at) VALUES (:channel, :message, :now) ON CONFLICT DO NOTHING;
