"""The outline of a report: which parts are about the next period and hold targets, no results.

Belongs here: telling parts and chapters by their headings. Does not belong here: numbering and order of headings
(check_wording).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assets.audit.citations import same_length_key
from assets.audit.document import Paragraph
from assets.audit.scan import Scan

_MAX_HEADING = 160  # characters
_PART = re.compile(r"phần (?:thứ [^\W_]+|[ivx]{1,4}|[a-d]|\d|một|hai|ba)\b|[a-d][.)/]\s")
_PLAN_HEADING = re.compile(
    r"(?:phần (?:thứ )?[^\W_]+\W+|[a-d][.)/]\s*)?(?:phương hướng|mục tiêu"
    r"|(?:một số |các )?nhiệm vụ(?: và giải pháp|, giải pháp)?"
    r" (?:trọng tâm|chủ yếu|quý|năm|(?:\d{1,2}|ba|sáu|chín) tháng|(?:trong )?thời gian tới))\b"
)


def leave_out_plans(scans: Sequence[Scan]) -> Iterator[Scan]:
    """Leave out the parts about the next period: "giải ngân đạt trên 60%" is a target there, not a result.

    A part ("Phần II", "B.") holds chapters ("I."): its plan goes on through them, a chapter's ends with the next one.
    """
    plan = ""
    before = ""
    for scan in scans:
        paragraph = scan.paragraph
        key = same_length_key(paragraph.text)
        level = _level(paragraph, key, before)
        if level == "phan" or (level == "chuong" and plan != "phan"):
            planned = _PLAN_HEADING.match(key if paragraph.marker != "la_ma" else key[paragraph.start :])
            plan = level if planned is not None else ""
        before = key
        if not plan:
            yield scan


def _level(paragraph: Paragraph, key: str, before: str) -> str:
    """Tell whether a paragraph heads a part (its name may stand on the line below), a chapter, or neither."""
    if paragraph.marker == "la_ma":
        return "chuong"
    named = paragraph.marker == "" and _PART.fullmatch(before.rstrip(" .:")) is not None
    is_part = paragraph.marker == "" and len(key) <= _MAX_HEADING and _PART.match(key) is not None
    return "phan" if named or is_part else ""
