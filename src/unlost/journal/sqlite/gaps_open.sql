-- Gaps that reconcile has not closed, oldest first; of each channel's very many the newest.
SELECT id, channel, cause, opened_at, closed_at, reconciled_at FROM (
  SELECT *, row_number() OVER (PARTITION BY channel ORDER BY id DESC) AS nth FROM gap WHERE reconciled_at IS NULL)
 WHERE nth <= :limit ORDER BY opened_at, id;
