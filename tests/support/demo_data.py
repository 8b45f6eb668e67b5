"""The demo data: build the records, write the inbox (``python -m tests.support.demo_data [--out DIR]``).

Belongs here: the front door for tests and for whoever changes the demo. Everything is deterministic: a fixed seed,
no clock, so the tracked workbooks under data/demo/inbox can be rebuilt and compared. Not here: the details of
dossiers, procedures, text and layouts (the demo_* modules beside this one).
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from random import Random

from tests.support.demo_declared import build_declared, build_feedback
from tests.support.demo_dossiers import build_window
from tests.support.demo_drafts import Draft, number_codes, print_draft
from tests.support.demo_names import invent_people
from tests.support.demo_paragraphs import build_documents, build_paragraphs
from tests.support.demo_procedures import build_procedures
from tests.support.demo_records import DossierRow, Records
from tests.support.demo_traps import (
    build_after,
    build_before,
    build_never_received,
    build_older,
    build_unreadable,
    build_vertical,
)
from tests.support.demo_workbooks import write_catalogue, write_declared, write_feedback, write_mot_cua

__all__ = ["INBOX", "build_records", "personal_strings", "write_inbox", "write_mot_cua"]

SEED = "nhi-chieu-2026"
INBOX = Path(__file__).parents[2] / "data" / "demo" / "inbox"
MOT_CUA = Path("mot_cua/danh-sach-ho-so-2026-06-23.xlsx")
TTHC = Path("tthc/danh-muc-tthc-2025-12-01.xlsx")
PAKN = Path("pakn/danh-sach-pakn-2026-06-23.xlsx")
NHAP_TAY = Path("nhap_tay/nhap-tay-2026-6T.xlsx")


def _put_in_order(newest: list[Draft], older: list[Draft], rng: Random) -> list[Draft]:
    """Order by code, as the portal lists them; older versions stand before or after the newest, near or far."""
    by_code: dict[str, list[Draft]] = defaultdict(list)
    tail = []
    for draft in older:
        if rng.random() < 0.25:
            tail.append(draft)
        else:
            by_code[draft.code].append(draft)
    ordered = []
    for draft in sorted(newest, key=lambda item: item.code):
        beside = by_code.pop(draft.code, [])
        before = [item for item in beside if rng.random() < 0.5]
        ordered += [*before, draft, *(item for item in beside if item not in before)]
    head = [item for item in tail if rng.random() < 0.5]
    return [*head, *ordered, *(item for item in tail if item not in head)]


def _build_dossiers(seed: str) -> tuple[DossierRow, ...]:
    people = invent_people(2400, 45, f"{seed}:nguoi")
    newest = [
        *build_before(people, seed),
        *build_window(people, seed),
        *build_after(people, seed),
        *build_never_received(people, seed),
        *build_vertical(people, seed),
        *build_unreadable(people, seed),
    ]
    number_codes(newest)
    older = build_older(newest, seed)
    ordered = _put_in_order(newest, older, Random(f"{seed}:thu-tu"))
    rng = Random(f"{seed}:in")
    return tuple(print_draft(draft, rng) for draft in ordered)


@lru_cache(maxsize=1)
def build_records() -> Records:
    """Return all records of the demo inbox (cached: they are immutable)."""
    feedback, people = build_feedback(SEED)
    return Records(
        dossiers=_build_dossiers(SEED),
        procedures=build_procedures(SEED),
        feedback=feedback,
        declared=build_declared(),
        paragraphs=build_paragraphs(),
        other_people=people,
    )


def write_inbox(folder: Path) -> list[Path]:
    """Write the four workbooks under ``folder`` and return their paths."""
    records = build_records()
    write_mot_cua(records, folder / MOT_CUA)
    write_catalogue(records.procedures, folder / TTHC)
    write_feedback(records.feedback, folder / PAKN)
    write_declared(records.declared, records.paragraphs, folder / NHAP_TAY, build_documents())
    return [folder / name for name in (MOT_CUA, TTHC, PAKN, NHAP_TAY)]


def personal_strings(records: Records) -> set[str]:
    """Return every invented name, identity number, phone number and address, as spelled and as normalised."""
    found = set(records.other_people)
    for row in records.dossiers:
        found |= {row.chu_ho_so, row.so_dinh_danh, row.dia_chi, row.so_dien_thoai}
    return found | {unicodedata.normalize("NFC", text).replace("\u00d0", "Đ") for text in found}


def main() -> None:
    """Write the inbox to the tracked folder, or to ``--out``."""
    parser = argparse.ArgumentParser(description="Write the synthetic demo inbox.")
    parser.add_argument("--out", type=Path, default=INBOX)
    for path in write_inbox(parser.parse_args().out):
        sys.stdout.write(f"{path}  {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
