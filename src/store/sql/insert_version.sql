-- Records a dataset version under the number that its rows bear already.
-- $1 bigint: number. $2 text: layer. $3 text: content hash. $4 boolean: sample. $5 bigint: records.
-- $6 text[]: released columns. $7 jsonb: report. $8 text: who. Returns nothing.
insert into dataset_version
    (id, layer, content_hash, is_sample, n_records, released_columns, report, made_by)
overriding system value
values ($1, $2, $3, $4, $5, $6, $7, $8)
