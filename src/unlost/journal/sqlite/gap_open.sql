-- One open gap per channel and cause; it only grows.
INSERT INTO gap (channel, cause, opened_at) VALUES (:channel, :cause, :opened_at)
  ON CONFLICT (channel, cause) WHERE closed_at IS NULL DO UPDATE SET opened_at = min(opened_at, excluded.opened_at)
  RETURNING id;
