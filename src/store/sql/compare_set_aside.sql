-- Compares what two dataset versions have set aside.
-- $1, $2 bigint: dataset versions. Returns is_same. Leans on the primary key of set_aside.
with
one as (
    select source, key, kept_source, kept_key, content_hash
    from set_aside
    where dataset_version = $1
),
other as (
    select source, key, kept_source, kept_key, content_hash
    from set_aside
    where dataset_version = $2
)
select not exists ((table one except table other) union all (table other except table one)) as is_same
