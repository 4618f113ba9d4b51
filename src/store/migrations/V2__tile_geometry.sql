-- Why: tiles and pictures need every layer in EPSG:3857, with as many vertices as a screen can show.
--
-- One table a band of zooms, named for its first zoom: z0 to 4, z5 to 8, z8 for 9 and 10, z11 and closer (everything).
-- Points have one form and stand in the last only. Partitions are those of the layers: one a dataset version, filled
-- before it is attached, never updated, dropped with the version.

do $$
declare
    band text;
begin
    foreach band in array array['z0', 'z5', 'z8', 'z11'] loop
        execute format(
            'create table tile_geometry_%1$s (
                dataset_version bigint not null,
                key text collate "C" not null,
                geom geometry (Geometry, 3857) not null,
                primary key (dataset_version, key)
            ) partition by list (dataset_version);
            create index tile_geometry_%1$s_by_geom on tile_geometry_%1$s using gist (geom);
            alter table tile_geometry_%1$s owner to jangkau_app;
            grant select on tile_geometry_%1$s to jangkau_reader;',
            band);
    end loop;
end
$$;
comment on table tile_geometry_z0 is 'What is drawn at zooms 0 to 4; areas keep their shared borders.';
comment on table tile_geometry_z5 is 'What is drawn at zooms 5 to 8; areas keep their shared borders.';
comment on table tile_geometry_z8 is 'What is drawn at zooms 9 and 10; areas keep their shared borders.';
comment on table tile_geometry_z11 is 'Every vertex, for zoom 11 and closer.';

create function drop_tile_geometry() returns trigger
language plpgsql as $$
declare
    band text;
begin
    foreach band in array array['z0', 'z5', 'z8', 'z11'] loop
        execute format('drop table if exists tile_geometry_%s_%s', band, old.id);
    end loop;
    return null;
end
$$;
comment on function drop_tile_geometry is 'A dataset version takes its tile geometry with it.';

create trigger drop_tile_geometry after delete on dataset_version
for each row execute function drop_tile_geometry();
