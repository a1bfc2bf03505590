-- Neither direction reaches behind the restore; what a journal that is gone posted has a higher id than its copy knew. The copy may
-- be of a journal that was restored itself: then the one before that is gone, too.
UPDATE channel SET start_mark = :now, marked_boot = :boot, restored_above = min(
    CASE WHEN restored_at IS NULL THEN 9223372036854775807 ELSE restored_above END,
    (SELECT high_water FROM helpdesk WHERE helpdesk.name = channel.helpdesk)
  ), restored_at = :now;
