"""Checks of staff figures: C01 C02 C03 C06.

Belongs here: a sentence with the staff total followed by bullets with the offices' figures.
Does not belong here: other lists that add up (check_breakdowns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assets.audit.catalogue import load_staff_words
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.scan import Scan
from assets.audit.values import Printed, say

_LEADS = re.compile(r":\s*$|cụ thể|trong đó|như sau|gồm")


@dataclass(frozen=True, slots=True)
class Part:
    """The staff figures of one paragraph."""

    scan: Scan
    posts: Printed | None
    contracts: Printed | None
    start: int

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.scan.paragraph.place_at(self.start)

    @property
    def is_service(self) -> bool:
        """Whether it is about a public-service unit; an administrative office otherwise."""
        words = load_staff_words()
        admin = words.hanh_chinh.search(self.scan.key)
        service = words.su_nghiep.search(self.scan.key)
        return service is not None and (admin is None or service.start() < admin.start())


def check_staff(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    total, parts = find_staff(evidence.scans)
    found: list[AuditFinding] = []
    if total is not None:
        found += _check_total("C01", total, total.posts, [(p, p.posts) for p in parts])
        found += _check_total("C02", total, total.contracts, [(p, p.contracts) for p in parts])
        found += _check_posts_in_form(evidence, parts)
        found += _check_contracts_in_form(evidence, parts)
    return found


def find_staff(scans: Sequence[Scan]) -> tuple[Part | None, list[Part]]:
    """Find the sentence that gives the staff total and the bullets that break it down.

    Returns:
        (total, parts); (None, []) when the text has no such list.
    """
    for index, scan in enumerate(scans):
        total = _read_part(scan)
        if total is None or total.posts is None or _LEADS.search(scan.key, total.start) is None:
            continue
        parts: list[Part] = []
        for following in scans[index + 1 :]:
            part, mine = _read_part(following), following.paragraph
            other = bool(parts) and mine.label != parts[0].scan.paragraph.label
            if part is None or mine.marker in {"la_ma", "so"} or other:
                break
            parts.append(part)
        if len(parts) >= 2:
            return total, parts
    return None, []


def _read_part(scan: Scan) -> Part | None:
    words = load_staff_words()
    posts = contracts = None
    start = 0
    for token in scan.tokens:
        behind = scan.key[token.end :].lstrip()
        if not token.is_count:
            continue
        if posts is None and words.bien_che.match(behind):
            posts, start = token.number, start or token.start
        elif contracts is None and words.hop_dong.match(behind):
            contracts, start = token.number, start or token.start
    return Part(scan, posts, contracts, start) if posts or contracts else None


def _check_total(
    ma: str, total: Part, said: Printed | None, parts: Sequence[tuple[Part, Printed | None]]
) -> Iterator[AuditFinding]:
    numbers = [number for _, number in parts if number is not None]
    if said is None or not numbers:
        return
    value = sum((number.value for number in numbers), Fraction(0))
    if value == said.value:
        return
    left = " + ".join(say(number.value) for number in numbers) + f" = {say(value)}"
    message = fill(ma, "chung", tong=left, ghi=said.text, lech=say(abs(value - said.value)))
    places = [total.place, *(part.place for part, number in parts if number is not None)]
    yield make_finding(ma, places, left, say(said.value), message, total.scan.paragraph.quote(total.start))


def _check_posts_in_form(evidence: Evidence, parts: Sequence[Part]) -> Iterator[AuditFinding]:
    """C03: posts of the offices and of the service units against form 4 rows 1.1 and 2.1."""
    for service, name, title in (
        (False, "BM4.1.1", "Biên chế công chức"),
        (True, "BM4.2.1", "Người làm việc ở đơn vị sự nghiệp"),
    ):
        mine = [part for part in parts if part.is_service == service and part.posts is not None]
        row = evidence.row(name)
        if not mine or row is None or row.number is None:
            continue
        value = sum((part.posts.value for part in mine if part.posts), Fraction(0))
        if value != row.number.value:
            left = " + ".join(part.posts.text for part in mine if part.posts)
            message = fill("C03", "chung", ten=title, ghi=say(value), dong=row.name, so=row.number.text)
            places = [row.place, *(part.place for part in mine)]
            yield make_finding(
                "C03", places, left if len(mine) == 1 else f"{left} = {say(value)}", row.number.text, message, row.quote
            )


def _check_contracts_in_form(evidence: Evidence, parts: Sequence[Part]) -> Iterator[AuditFinding]:
    """C06: contracts in administrative offices: form 4 row 1.3 against the text's breakdown."""
    row = evidence.row("BM4.1.3")
    with_contracts = [part for part in parts if part.contracts is not None]
    if row is None or row.number is None or not with_contracts:
        return
    mine = [part for part in with_contracts if not part.is_service]
    value = sum((part.contracts.value for part in mine if part.contracts), Fraction(0))
    if value == row.number.value:
        return
    message = fill("C06", "chung", dong=row.name, so=row.number.text, ghi=say(value))
    places = [row.place, *(part.place for part in (mine or with_contracts))]
    yield make_finding("C06", places, row.number.text, say(value), message, row.quote)
