-- What storage held when the channel was made known was told before; a mark of another run of the machine, or ahead, is not this clock's.
UPDATE channel SET start_mark = :until
 WHERE name = :channel AND marked_boot = :boot AND looked_until IS NULL AND start_mark <= :now AND start_mark < :until;
