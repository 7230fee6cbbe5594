create table evaluation (
    id uuid primary key,
    request text not null,
    state varchar(16) not null,
    images_done integer not null,
    images_total integer not null,
    failure text,
    created timestamp with time zone not null,
    started timestamp with time zone,
    finished timestamp with time zone
);

create index evaluation_created on evaluation (created);
