-- So are the last links of each channel.
UPDATE message_link SET written_at = written_at + :step
 WHERE channel = :channel AND written_at > coalesce((
   SELECT written_at FROM message_link WHERE channel = :channel AND written_at <= :until
    ORDER BY written_at DESC LIMIT 1 OFFSET :limit), -1) AND written_at <= :until;
