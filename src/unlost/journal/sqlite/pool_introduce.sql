-- A pool known stays paused where it was.
INSERT INTO pool (channel, direction) VALUES (:channel, :direction) ON CONFLICT DO NOTHING;
