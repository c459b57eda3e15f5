"""The pure engine, proved by tables of cases and by properties."""
