create table pacs_refused_image (
    job_id uuid not null references pacs_job (id) on delete cascade,
    -- Its place among the images of the study.
    image_number integer not null,
    sop_instance_uid varchar(64) not null,
    reason varchar(64) not null,
    detail text not null,
    primary key (job_id, image_number)
);
