"""Single changes to the reports of tests/support/wards: (text as it stands, as changed, ids that must be found).

Belongs here: reading wards/thay_doi.toml. Does not belong here: expectations of other tests.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

WARDS = Path(__file__).parent / "wards"

CHANGES: dict[str, list[tuple[str, str, set[str]]]] = {
    name: [(old, new, set(ids)) for old, new, ids in report["thay_doi"]]
    for name, report in tomllib.loads((WARDS / "thay_doi.toml").read_text("utf-8")).items()
}
