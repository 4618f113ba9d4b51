-- Why: who loses a standard in a season is told point by point; a round trip cannot be told from the way there.

alter table run_point add standards text[] not null default '{}';
comment on column run_point.standards is 'Standards of the service that the point meets.';
