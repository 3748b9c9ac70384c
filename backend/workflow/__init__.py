"""One engine for whatever has states: tables as data, perform(), the timeline, clocks, the calendar."""
