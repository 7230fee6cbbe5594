-- The model that the job's request names; null for that of its node. Jobs of one study for two models may be open at once.
alter table pacs_job add column model varchar(64);
