"""The Word side of the report: fill the template, read a document back, list a template's placeholders.

Belongs here: everything that needs docxtpl or python-docx. Does not belong here: what the report says (the context,
``schemas/document``), how it looks (the template), PDF (``assets/io/pdf``).

Every render uses ``StrictUndefined`` and ``autoescape``: without them a missing value prints as nothing and a name
with ``&`` or ``<`` loses letters. Written files hold no clock: same context and template, same bytes.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from schemas.document import BaoCao, ThuocTinh, list_fields

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest stamp a zip can hold
_PARTS_WITH_TEXT = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml$")


class TemplateError(Exception):
    """The Word template cannot be used; the message (Vietnamese) names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """What a template uses, measured against the report.

    Attributes:
        dung: placeholders it uses.
        la: placeholders that the report does not have -> the nearest that it has, "" if none is near.
        thieu: placeholders that a complete report needs and the template does not use.
    """

    dung: frozenset[str]
    la: dict[str, str]
    thieu: frozenset[str]


def render_report(context: BaoCao, template: Path, target: Path) -> None:
    """Fill the template and write the report.

    Args:
        context: everything on paper.
        template: the office's .docx template.
        target: where to write; replaced in one rename, its folder exists.

    Raises:
        TemplateError: the template is no Word document, uses an unknown placeholder or is badly written.
    """
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError as JinjaError

    document = DocxTemplate(io.BytesIO(_read_package(template)))
    values = {name: getattr(context, name) for name in type(context).model_fields}
    try:
        document.render(values, jinja_env=_make_environment(), autoescape=True)
    except JinjaError as error:
        raise TemplateError(_explain(template, error)) from error
    _set_properties(document.docx.core_properties, context.thuoc_tinh)
    buffer = io.BytesIO()
    document.save(buffer)
    write_package(buffer.getvalue(), target)


def list_placeholders(template: Path) -> set[str]:
    """List the names that a template uses, as dotted paths from the report's context.

    Args:
        template: a .docx template.

    Returns:
        Leaves only, loop variables resolved: ``{% for b in bieu_mau %}{{ b.ten }}`` gives "bieu_mau.ten".

    Raises:
        TemplateError: the template is no Word document or a tag is badly written.
    """
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError as JinjaError

    package = _read_package(template)
    patch = DocxTemplate(io.BytesIO(package)).patch_xml
    names: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        for part in parts.namelist():
            if _PARTS_WITH_TEXT.match(part):
                try:
                    tree = _make_environment().parse(patch(parts.read(part).decode("utf-8")))
                except JinjaError as error:
                    raise TemplateError(_explain(template, error)) from error
                names |= set(_walk(tree, {}))
    return {name for name in names if not any(other.startswith(f"{name}.") for other in names)}


def check_template(template: Path) -> TemplateCheck:
    """Compare the placeholders of a template with the fields of the report.

    Raises:
        TemplateError: the template is no Word document or a tag is badly written.
    """
    used, known = list_placeholders(template), list_fields()
    strange = {name: "".join(get_close_matches(name, sorted(known), n=1)) for name in sorted(used - known)}
    return TemplateCheck(frozenset(used), strange, list_fields(required=True) - used)


def read_text(document: Path) -> str:
    """Read a Word document as plain text, in reading order.

    Args:
        document: a .docx file.

    Returns:
        One line per paragraph; a table row is one line, its cells parted by tabs (a line break inside a cell is a
        space, a cell merged over several columns or rows stands once).

    Raises:
        TemplateError: the file is no Word document.
    """
    from docx import Document
    from docx.table import Table

    lines: list[str] = []
    for block in Document(io.BytesIO(_read_package(document))).iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(row) for row in _read_rows(block)]
        else:
            lines += block.text.splitlines() or [""]
    return "\n".join(lines)


def write_package(content: bytes, target: Path) -> None:
    """Write a .docx with fixed time stamps, in one rename, so that equal content gives equal bytes.

    Args:
        content: the package as python-docx saved it.
        target: where to write; its folder exists.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".tmp")
    staging = Path(name)
    try:
        with (
            os.fdopen(handle, "wb") as stream,
            zipfile.ZipFile(io.BytesIO(content)) as source,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package,
        ):
            for item in source.infolist():
                entry = zipfile.ZipInfo(item.filename, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                package.writestr(entry, source.read(item))
        staging.chmod(0o644)
        staging.replace(target)
    finally:
        staging.unlink(missing_ok=True)


@cache
def _make_environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # The template belongs to the office: whoever edits it must not be able to run code through it.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _read_package(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise TemplateError(f"Không tìm thấy tệp Word “{path}”. Hãy kiểm tra đường dẫn hoặc chép lại tệp.") from error
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise TemplateError(
            f"Tệp “{path}” không phải văn bản Word (.docx). Hãy mở bằng Word và lưu lại dưới dạng .docx."
        )
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if "word/document.xml" not in package.namelist():
            raise TemplateError(f"Tệp “{path}” không phải văn bản Word (.docx). Hãy chọn đúng tệp.")
    return content


def _explain(template: Path, error: Exception) -> str:
    """Say in Vietnamese what Jinja said in English: unknown names by name, a broken tag by its place."""
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        place = " … ".join(line.strip() for line in getattr(error, "docx_context", []) if line.strip())
        fault = f"có thẻ viết sai hoặc thiếu thẻ đóng ({error.message})" + (f" gần “{place[:200]}”" if place else "")
    else:
        strange = check_template(template).la
        names = ", ".join(f"{name} (có phải {near}?)" if near else name for name, near in strange.items())
        fault = f"dùng chỗ điền không có trong báo cáo: {names or error}"
    return (
        f"Mẫu Word “{template}” {fault}. Hãy chạy “cchc template --check” để xem các chỗ điền dùng được, "
        "sửa mẫu bằng Word rồi chạy lại."
    )


def _set_properties(properties: Any, values: ThuocTinh) -> None:
    stamp = datetime.combine(values.ngay, time(), tzinfo=UTC)
    properties.title, properties.subject = values.tieu_de, values.chu_de
    properties.keywords, properties.author = values.tu_khoa, values.tac_gia
    properties.last_modified_by, properties.comments, properties.revision = values.tac_gia, "", 1
    properties.created = properties.modified = stamp


def _read_rows(table: Any) -> Iterator[list[str]]:
    seen: set[Any] = set()
    for row in table.rows:
        texts = []
        for cell in row.cells:
            texts.append("" if cell._tc in seen else " ".join(cell.text.split()))
            seen.add(cell._tc)
        yield texts


def _walk(node: Any, scope: dict[str, str]) -> Iterator[str]:
    """Yield the dotted path of every name below a Jinja node; ``scope`` maps loop variables to their list."""
    from jinja2 import nodes

    if isinstance(node, nodes.For):
        source = _path_of(node.iter, scope)
        inner = dict(scope) | {"loop": ""}
        if source and isinstance(node.target, nodes.Name):
            inner[node.target.name] = source
        yield from _walk(node.iter, scope)
        for child in (*node.body, *node.else_):
            yield from _walk(child, inner)
        return
    path = _path_of(node, scope)
    if path is not None:
        if path:
            yield path
        return
    for child in node.iter_child_nodes():
        yield from _walk(child, scope)


def _path_of(node: Any, scope: dict[str, str]) -> str | None:
    """Return "a.b" for a name or attribute, "" for Jinja's own ``loop``, None for anything else."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        parent = _path_of(node.node, scope)
        return f"{parent}.{node.attr}" if parent else parent
    return None
