-- Fills in what a run says of demand points. Takes rows in PostgreSQL's binary format.
copy run_point (
    run, point, village, people_thousandths, state,
    facility, time_ms, length_mm,
    second_facility, second_time_ms, second_length_mm,
    standards, geom
) from stdin (format binary)
