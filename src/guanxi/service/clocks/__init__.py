"""The clocks of cases: what was promised by when, counted in working time, paused, kept or broken."""
