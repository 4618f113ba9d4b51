-- Makes the roles that write and that read, and lets the owner become them.
-- No parameters. Returns nothing. Roles belong to the whole server: another database may make them at the same moment.
do $$
declare
    wanted text;
    -- Since PostgreSQL 16 being a member and being able to become are two things.
    becoming text := case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end;
begin
    foreach wanted in array array['jangkau_app', 'jangkau_reader'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin', wanted);
            exception
                when duplicate_object or unique_violation then null;
            end;
        end if;
        if not pg_has_role(current_user, wanted, becoming) then
            execute format('grant %I to %I', wanted, current_user);
        end if;
    end loop;
end
$$
