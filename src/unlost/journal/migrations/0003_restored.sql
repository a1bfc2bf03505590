-- oldest program: 0.1.0
-- Of the last restore: when it was, and the highest message id of the helpdesk that the copy knew. NULL: there was none.
ALTER TABLE channel ADD COLUMN restored_at REAL;
ALTER TABLE channel ADD COLUMN restored_above INTEGER NOT NULL DEFAULT 0;
