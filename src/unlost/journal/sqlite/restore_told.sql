-- The restore that something was told before, as far as clocks agree; no row where there was none.
SELECT restored_at, restored_above FROM channel WHERE name = :channel AND :told_at < restored_at + :margin_s;
