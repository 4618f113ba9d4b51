-- Fills in what a run says of villages. Takes rows in PostgreSQL's binary format.
copy run_village (
    run, village, state, median_point,
    facility, time_ms, length_mm,
    second_facility, second_time_ms, second_length_mm,
    population_source, population_thousandths,
    within_thousandths, beyond_cutoff_thousandths, no_path_thousandths, unsnapped_thousandths, no_input_thousandths,
    standards
) from stdin (format binary)
