"""What each command does, one module per kind of command; cli.py only declares options and calls these.

Imports stay inside functions where a command must answer within a second: Dagster, Polars and Pandera cost seconds.
"""
