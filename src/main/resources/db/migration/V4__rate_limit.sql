-- What each key or token's subject, by its hash, may still ask of all nodes together; used on PostgreSQL alone.
create table rate_limit (
    id text primary key,
    -- Written by Bucket4j, as the moment in milliseconds after which the bucket is full again and the row of no use.
    state bytea,
    expires_at bigint
);
