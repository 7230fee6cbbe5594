-- How often it was begun, because nodes ran different variants of the model.
alter table evaluation add column begun integer default 0 not null;

-- What its predictions depend on, once its images are cut into chunks.
alter table evaluation add column predictions_key text;

create table evaluation_chunk (
    evaluation uuid not null references evaluation (id) on delete cascade,
    number integer not null,
    -- JSON: the files of each image, relative to the directory of the dataset.
    images text not null,
    images_total integer not null,
    images_done integer not null,
    enqueued boolean not null,
    -- A line of JSON for each image, gzip; null until the chunk is done.
    predictions bytea,
    primary key (evaluation, number)
);
