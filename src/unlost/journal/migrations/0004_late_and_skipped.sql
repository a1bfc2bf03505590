-- oldest program: 0.1.0
-- What came late and stands nowhere was late for nobody: a row of the gateway's storage that turned out to be a copy, an echo.
CREATE TRIGGER tally_late_skipped AFTER UPDATE OF state ON entry
WHEN NEW.late = 1 AND NEW.state = 'done' AND OLD.state <> 'done' AND NEW.verdict <> 'delivered' BEGIN
  INSERT INTO tally (channel, hour, late) VALUES (NEW.channel, CAST(NEW.arrived_at / 3600 AS INTEGER), 0)
    ON CONFLICT DO UPDATE SET late = late - 1;
END;
CREATE TRIGGER tally_late_skipped_birth AFTER INSERT ON entry
WHEN NEW.late = 1 AND NEW.state = 'done' AND NEW.verdict <> 'delivered' BEGIN
  INSERT INTO tally (channel, hour, late) VALUES (NEW.channel, CAST(NEW.arrived_at / 3600 AS INTEGER), 0)
    ON CONFLICT DO UPDATE SET late = late - 1;
END;
