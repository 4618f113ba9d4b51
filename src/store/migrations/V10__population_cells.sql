-- Why: where nobody mapped settlements, the cells of a population raster say where people live.

create table population_cell (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    population_thousandths bigint not null check (0 <= population_thousandths),
    geom geometry (MultiPolygon, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
comment on table population_cell is 'Stretches of ground of which only the number of people is known: inhabited cells of a raster.';
comment on column population_cell.population_thousandths is 'As the raster has it, not rescaled to any official total.';
create index population_cell_by_geom on population_cell using gist (geom);
alter table population_cell owner to jangkau_app;
grant select on population_cell to jangkau_reader;

-- Runs and lists of faults from before have seen none.
insert into run_input (run, layer, dataset_version)
select id, 'population-cells', null from run;
insert into fault_list_input (fault_list, layer, dataset_version)
select id, 'population-cells', null from fault_list;
