"""The only modules that touch the outside world: files, spreadsheets, Word, DuckDB. One module per library."""
