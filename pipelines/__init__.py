"""When and where the work runs: definitions, settings, resources, jobs, schedules, sensors, command line.

Does not belong here: a business rule, a column, a number of a form.
"""
