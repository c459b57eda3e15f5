"""How a sheet is drawn (csv, ods, xlsx) and named; not what is on it."""
