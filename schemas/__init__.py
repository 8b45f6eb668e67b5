"""What the data mean: tables, codes, sources, indicators, forms, rules.

Belongs here: pure Python and the TOML/CSV beside it. Does not belong here: Dagster, DuckDB, Excel, Word,
files of the day, the clock.
"""
