-- Why: maps draw the lines between kecamatan above those between villages, and no layer has them.
--
-- They are the parts of village borders with villages of one kecamatan on one side only, a row a band of zooms.
-- Versions that were generalised before get theirs at the next start, with their areas made anew.

create table kecamatan_border (
    dataset_version bigint not null references dataset_version on delete cascade,
    band text not null,
    geom geometry (MultiLineString, 3857) not null,
    primary key (dataset_version, band)
);
create index kecamatan_border_by_geom on kecamatan_border using gist (geom);
alter table kecamatan_border owner to jangkau_app;
grant select on kecamatan_border to jangkau_reader;
comment on table kecamatan_border is 'Lines around the kecamatan of a version of the villages.';

do $$
declare
    band text;
    version bigint;
begin
    for version in select id from dataset_version where layer = 'villages' loop
        foreach band in array array['z0', 'z5', 'z8', 'z11'] loop
            execute format('drop table if exists tile_geometry_%s_%s', band, version);
        end loop;
    end loop;
end
$$;
