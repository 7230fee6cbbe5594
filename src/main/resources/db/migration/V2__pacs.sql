create table pacs_job (
    id uuid primary key,
    node varchar(200) not null,
    study_uid varchar(64) not null,
    -- Of an open job alone, so that a study has one at a time.
    open_key varchar(300) unique,
    run_id uuid,
    state varchar(16) not null,
    run_again boolean not null,
    images_total integer not null,
    images_done integer not null,
    images_refused integer not null,
    objects_stored integer not null,
    attempts integer not null,
    failure text,
    created timestamp with time zone not null,
    finished timestamp with time zone
);

create index pacs_job_created on pacs_job (created);
