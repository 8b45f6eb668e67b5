"""Pure rules with their legal source: periods, calendar, due dates, numbers, text."""
