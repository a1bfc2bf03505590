-- An attempt ended without effect.
INSERT INTO failure (entry_id, at, step, cause, text) VALUES (:entry, :now, :step, :cause, :text);
