-- What ended since an hour.
SELECT channel, sum(delivered), sum(skipped), sum(late) FROM tally WHERE hour >= :hour GROUP BY channel;
