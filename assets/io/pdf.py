"""Word to PDF through LibreOffice, headless.

Belongs here: the one call of ``soffice`` and what can go wrong with it. Does not belong here: the Word file
(``assets/io/word``).

LibreOffice shares one profile between all its processes and silently does nothing when another one holds it: each
conversion gets a profile of its own. PDF needs a font that holds every Vietnamese letter (package fonts-liberation2).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_TIMEOUT_SECONDS = 120


class PdfError(Exception):
    """No PDF could be made; the message is one Vietnamese sentence with the remedy."""


def find_soffice() -> str | None:
    """Return the path of LibreOffice, None when it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def require_soffice() -> str:
    """Return the path of LibreOffice.

    Raises:
        PdfError: it is not installed.
    """
    program = find_soffice()
    if program is None:
        raise PdfError(
            "Chưa cài LibreOffice nên không xuất được PDF; hãy cài gói libreoffice-writer và fonts-liberation2 "
            "rồi chạy lại, tệp Word vẫn dùng được."
        )
    return program


def convert_to_pdf(docx: Path, target: Path) -> None:
    """Convert a Word document to PDF.

    Args:
        docx: the document.
        target: the PDF to write; replaced in one rename, its folder exists.

    Raises:
        PdfError: LibreOffice is missing, too slow or refuses the document.
    """
    program = require_soffice()
    # The scratch folder lies beside the target: the last step must be a rename inside one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".pdf-") as scratch:
        made = _convert(program, docx, Path(scratch))
        made.replace(target)


def _convert(program: str, docx: Path, scratch: Path) -> Path:
    command = [
        program,
        f"-env:UserInstallation={(scratch / 'profile').resolve().as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(scratch),
        str(docx.resolve()),
    ]
    try:
        # The program comes from PATH and the arguments are paths of ours: no shell, nothing typed by a user.
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PdfError(
            f"LibreOffice không chuyển xong “{docx.name}” sau {_TIMEOUT_SECONDS} giây; hãy chạy lại, hoặc mở tệp Word "
            "và lưu thành PDF."
        ) from error
    made = scratch / f"{docx.stem}.pdf"
    if not made.is_file():
        raise PdfError(
            f"LibreOffice không chuyển được “{docx.name}” sang PDF (mã {done.returncode}); hãy mở tệp Word, kiểm tra "
            "rồi lưu thành PDF."
        )
    return made
