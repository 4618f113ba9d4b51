-- Lists what the content hash of a dataset version is made of.
-- {staging}: the staging table. Returns key text, content_hash bytea, in order of the key's bytes.
select key, content_hash
from {staging}
order by key collate "C"
