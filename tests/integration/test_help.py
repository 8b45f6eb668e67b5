"""Help pages speak Vietnamese, down to the frame that the option parser draws."""

from __future__ import annotations

import re

import pytest

from tests.support import homes

ENGLISH = re.compile(
    r"\b(Usage|Options?|Commands?|Arguments?|Show this|required|default|bool|datetime)\b", re.IGNORECASE
)


@pytest.mark.parametrize("asked", [[], ["--help"], ["run", "--help"], ["compare", "--help"]], ids=" ".join)
def test_a_help_page_holds_no_english(asked: list[str]) -> None:
    page = homes.cchc(*asked)
    assert "Cách dùng: cchc" in page.out
    assert "Tùy chọn" in page.out
    assert not ENGLISH.search(re.sub(r"--[a-z-]+", "", page.said))


def test_a_page_names_what_an_option_takes() -> None:
    lines = homes.cchc("finalize", "--help").out.splitlines()
    of = {name: line for line in lines for name in re.findall(r"--[a-z]+", line[:20])}
    assert "<ngày>" in of["--date"]
    assert "<số>" in of["--number"]
    assert "<" not in of["--pdf"], "a switch takes nothing"
    assert "[bắt buộc]" in "".join(lines)
