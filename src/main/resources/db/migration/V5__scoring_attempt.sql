-- The node whose process scores the evaluation; left behind by a process that ended while it did.
alter table evaluation add column scoring_node uuid;
