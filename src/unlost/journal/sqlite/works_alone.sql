-- Whether this process works a suspect: then it takes nothing else.
SELECT EXISTS (SELECT 1 FROM lane WHERE lease_holder = :holder AND alone = 1);
