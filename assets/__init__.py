"""How each table is made, layer by layer: raw, core, mart, out; and io, the only rooms that touch the outside.

Does not belong here: schedules, settings, the command line, today's date (all in pipelines).
"""
