-- Makes the schema that holds everything of ours.
-- No parameters. Returns nothing.
-- `create schema if not exists` asks for the right to create even where the schema is there.
do $$
begin
    if not exists (select from pg_namespace where nspname = 'jangkau') then
        create schema jangkau;
    end if;
end
$$
