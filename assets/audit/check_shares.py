"""Checks of shares whose base is not named (A03).

Belongs here: percentages that no figure of the report explains, but one nearby would, were two digits swapped or one
digit another ("80 người, hiện có 77 (96,3%)"; "tỷ lệ trực tuyến 76,7%"), and shares of 100 % together that are not
those of their figures. Does not belong here: shares of a list's total (check_breakdowns), fractions (check_fractions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding
from assets.audit.list_parts import read_share
from assets.audit.quotients import Pool
from assets.audit.scan import Scan
from assets.audit.share_finding import make_share_finding
from assets.audit.values import Printed, Token, is_rounding, is_slip, read_number, say

_NEIGHBOURS = 2
"""Paragraphs before, in which the base of a share is looked for."""


def check_shares(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    scans = evidence.scans
    known = Pool(value for scan in scans for value in (*scan.terms, *_sums(scan)))
    found: list[AuditFinding] = []
    for at, scan in enumerate(scans):
        for token, share in _shares(scan):
            if known.has_whole(share, token.number.value, _explains):
                continue
            base = _slipped(token.number.value, share, scans[max(0, at - _NEIGHBOURS) : at + 1])
            found += [_wrong(scan, token, share, base)] if base is not None else []
        found += [*_check_wholes(scan), *_check_named(scan)]
    return found


def _check_wholes(scan: Scan) -> Iterator[AuditFinding]:
    """Figures in a row whose shares make 100 % are each that part of their sum: "2.847 (90,21%), 312 (9,79%)"."""
    run: list[tuple[Token, Printed]] = []
    for token, share in [*_shares(scan), (None, None)]:
        goes_on = run and token is not None and token.start - run[-1][0].end < _IN_A_ROW
        if not goes_on:
            yield from _judge_run(scan, run)
            run = []
        if token is not None and share is not None and not token.number.decimals:
            run.append((token, share))


_IN_A_ROW = 80  # characters between figures of one list


def _judge_run(scan: Scan, run: Sequence[tuple[Token, Printed]]) -> Iterator[AuditFinding]:
    if len(run) < 2 or sum((share.value for _, share in run), Fraction(0)) != 100:
        return
    whole = sum((token.number.value for token, _ in run), Fraction(0))
    wrong = [(token, share) for token, share in run if not _explains(share, token.number.value, whole)]
    known = set(scan.counts) - {token.number.value for token, _ in run}
    if len(wrong) < len(run) or any(_all_are(run, base) for base in known):
        return  # one alone is judged with its own base; all together may be of another one
    shown = read_number(say(whole))
    if shown is not None:
        yield _wrong(scan, *wrong[0], shown)


def _all_are(run: Sequence[tuple[Token, Printed]], base: Fraction) -> bool:
    return base > 0 and all(_explains(share, token.number.value, base) for token, share in run)


_NAMED = re.compile(r"tỷ lệ (?:hồ sơ )?(?P<ten>[^\W\d_]+ [^\W\d_]+)(?: (?:đạt|là|chiếm))?\s*:?\s*$")


def _check_named(scan: Scan) -> Iterator[AuditFinding]:
    """A rate named after a figure of the paragraph: "(trực tuyến 541, trực tiếp 83); tỷ lệ trực tuyến 76,7%"."""
    for rate in scan.tokens:
        named = _NAMED.search(scan.key, 0, rate.start) if rate.percent and not rate.about else None
        if named is None or scan.pool.proves(rate.number, _explains):
            continue
        tops = [t for t in scan.tokens if t.is_count and scan.key[: t.start].rstrip(" :").endswith(named["ten"])]
        for token in tops[:1]:
            base = _slipped(token.number.value, rate.number, [scan])
            if base is not None:
                yield _wrong(scan, token, rate.number, base)


def _sums(scan: Scan) -> Iterator[Fraction]:
    """Yield the sums of up to four counts in a row: the base of "đúng hạn 33.257 (98,13%), chậm 635 (1,87%)"."""
    for size in (2, 3, 4):
        for first in range(len(scan.counts) - size + 1):
            yield sum(scan.counts[first : first + size], Fraction(0))


def _explains(share: Printed, part: Fraction, base: Fraction) -> bool:
    """Tell whether a figure is the base of a share; here one that was cut off instead of rounded will do as well."""
    return is_rounding(share, part, base) or 0 <= part / base * 100 - share.value < Fraction(1, 10**share.decimals)


def _shares(scan: Scan) -> Iterator[tuple[Token, Printed]]:
    """Yield every plain count with the percentage printed right behind it."""
    for at, token in enumerate(scan.tokens[:-1]):
        following = scan.tokens[at + 1]
        if not token.is_count or token.about or not following.percent or token.number.value == 0:
            continue
        if scan.in_bracket(0, token.start) and not scan.in_bracket(0, following.start):
            continue
        share = read_share(scan, token.end, following.end, token.end)
        if share is not None:
            yield token, share


def _slipped(part: Fraction, share: Printed, scans: Sequence[Scan]) -> Printed | None:
    """Find a figure nearby whose right share differs from the printed one by a slip of the pen."""
    for scan in reversed(scans):
        for other in scan.tokens:
            base = other.below or other.number
            if other.percent or other.about or base.decimals or base.value <= part:
                continue
            right = part / base.value * 100
            shown = Fraction(round(right * 10**share.decimals), 10**share.decimals)
            unit = Fraction(1, 10**share.decimals)
            if is_slip(shown, share.value) and abs(shown - share.value) >= 9 * unit:
                return base  # the last digit alone may be that of another base
    return None


def _wrong(scan: Scan, token: Token, share: Printed, base: Printed) -> AuditFinding:
    return make_share_finding(token.number, base, share, [scan.place(token)], scan.quote(token))
