"""Whether a file is a report on administrative reform at all, however short or badly laid out.

Belongs here: the marks of a report (words in verify_lists.toml). Does not belong here: which form a table is (tables),
judging a report.
"""

from __future__ import annotations

from assets.audit.catalogue import load_report_words
from assets.audit.citations import same_length_key
from assets.audit.evidence import Evidence

_KNOWN_ROWS = 3
"""Rows of our forms that show a table to be the annex of a report; one or two may look alike by chance."""

_HEAD = 40  # paragraphs that may hold letterhead and title


def is_report(evidence: Evidence) -> bool:
    """Tell a report by its subject and one mark of an official report; a form we know is enough by itself.

    A page about reports (a manual, a list of changes) speaks of the same things, but has neither letterhead, title,
    number, nor the sentences that open and close a report.
    """
    if sum(1 for row in evidence.rows if row.line is not None) >= _KNOWN_ROWS:
        return True
    words = load_report_words()
    keys = [same_length_key(paragraph.text) for paragraph in evidence.paragraphs]
    if not any(words.chu_de.search(key) for key in keys):
        return False
    numbered = evidence.attached is not None or (evidence.own is not None and bool(evidence.own.ky))
    return numbered or any(words.the_thuc.search(key) for key in keys) or any(map(words.tieu_de.match, keys[:_HEAD]))
