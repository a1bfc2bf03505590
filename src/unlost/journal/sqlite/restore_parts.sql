-- Whether the last restore lies between when something was told and when it came.
SELECT 1 FROM channel WHERE name = :channel AND restored_at > :told_at AND restored_at <= :arrived_at;
