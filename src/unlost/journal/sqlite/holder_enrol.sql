-- A process makes itself known; its beat goes on where it was.
INSERT INTO holder (id, host, lock_path, enrolled_at) VALUES (:id, :host, :lock_path, :now)
  ON CONFLICT DO UPDATE SET host = excluded.host, lock_path = excluded.lock_path, beat = beat + 1;
