-- When the end of a job was handed over for its webhook; null until then, and again when the job is retried.
alter table evaluation add column announced timestamp with time zone;
alter table pacs_job add column announced timestamp with time zone;

update evaluation set announced = finished where finished is not null;
update pacs_job set announced = finished where finished is not null;

create index evaluation_announced on evaluation (announced);
create index pacs_job_announced on pacs_job (announced);

-- One row: since when a webhook is configured. Jobs that ended before are not announced.
create table webhook_start (
    id integer primary key,
    since timestamp with time zone not null
);
