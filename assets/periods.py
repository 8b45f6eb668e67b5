"""The static partitions of the period assets: one per report period.

Belongs here: which years have partitions. Does not belong here: what a period is (schemas/rules/periods).
"""

from __future__ import annotations

import dagster as dg

from schemas.rules.periods import periods_for_years

# the first year of the two-tier local government, and far enough ahead for a release to live
YEARS = range(2025, 2036)

PERIODS = dg.StaticPartitionsDefinition([period.key for period in periods_for_years(YEARS)])
