-- Neither direction reaches behind the restore; what the journal that is gone posted has a higher id than the copy knew.
UPDATE channel SET start_mark = :now, restored_at = :now,
  restored_above = (SELECT high_water FROM helpdesk WHERE helpdesk.name = channel.helpdesk);
