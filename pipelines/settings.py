"""Where this installation runs: the home folder, the shipped files, the unit's settings.

Belongs here: environment variables and reading TOML settings. Does not belong here: what a setting means
(schemas/unit). Nothing is read at import.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assets.io.home import Home
from assets.io.reference import BadReferenceFile, load_reference, read_own_sources, read_text
from schemas.codes import adopt_words
from schemas.corrections import Correction, WrongCorrections, parse_corrections
from schemas.faults import say_faults, say_syntax
from schemas.links import DossierLink, WrongLinks, parse_links
from schemas.rules.reference import ReferenceFacts
from schemas.sources import adopt_sources, list_shipped
from schemas.sources.own import OwnSource, WrongSource
from schemas.unit import UnitSettings, blank_other_units_recipients, overlay

PROJECT = Path(__file__).resolve().parents[1]


class WrongSettings(ValueError):
    """The home's settings.toml cannot be used; the message is for the officer."""


class Settings(BaseSettings):
    """Settings of this process; ``CCHC_HOME`` names the home."""

    model_config = SettingsConfigDict(env_prefix="CCHC_", extra="ignore", frozen=True)

    home: Path = Field(Path("data"), description="thư mục nhà: inbox, bản gốc, kho, báo cáo")

    @property
    def place(self) -> Home:
        """The home's paths."""
        return Home(self.home.expanduser().absolute())

    @property
    def reference(self) -> Path:
        """Tracked reference facts."""
        return PROJECT / "data" / "reference"

    @cached_property
    def facts(self) -> ReferenceFacts:
        """The tracked facts that the cleaning needs.

        Raises:
            BadReferenceFile: one of their files cannot be used; the message is for whoever edited it.
        """
        return load_reference(self.reference)

    @cached_property
    def own_sources(self) -> dict[str, OwnSource]:
        """The sources that the home, or this installation, brings beside the shipped ones.

        Raises:
            WrongSettings: one of their files cannot be used, or one is gone whose deliveries the home holds.
        """
        try:
            own = read_own_sources((self.reference / "nguon", self.place.own_sources))
        except (BadReferenceFile, WrongSource) as wrong:
            raise WrongSettings(str(wrong)) from wrong
        for source in self.place.list_delivering():
            if source not in own and source not in list_shipped():
                raise WrongSettings(
                    f"Nhà có tệp đã nộp của nguồn “{source}” nhưng không còn tệp mô tả nguồn đó. "
                    f"Hãy đặt lại {self.place.own_sources / source}.toml rồi chạy lại."
                )
        return own

    def adopt_sources(self) -> None:
        """Make the home's own sources known to this process; whatever names a source comes after this.

        Raises:
            WrongSettings: see :attr:`own_sources`.
        """
        adopt_sources({})
        adopt_words({})
        own = self.own_sources
        adopt_sources({name: one.spec for name, one in own.items()})
        adopt_words({name: one.words for name, one in own.items()})

    @property
    def demo_inbox(self) -> Path:
        """Tracked synthetic exports."""
        return PROJECT / "data" / "demo" / "inbox"

    @cached_property
    def unit(self) -> UnitSettings:
        """The unit: shipped settings, overlaid by the home's settings.toml, with the corrections of both.

        Raises:
            WrongSettings: settings.toml or a file of corrections is no TOML or no UTF-8, or has a wrong name or value.
        """
        self.adopt_sources()
        unit = self._read_unit()
        own = tuple(one.described for one in self.own_sources.values())
        corrections = (*unit.dinh_chinh, *self._read_corrections())
        links = (*unit.lien_ket, *self._read_links())
        return unit.model_copy(update={"dinh_chinh": corrections, "lien_ket": links, "nguon_rieng": own})

    def _read_links(self) -> tuple[DossierLink, ...]:
        path = self.place.links
        if not path.is_file():
            return ()
        try:
            return parse_links(path.name, read_text(path))
        except (WrongLinks, BadReferenceFile) as wrong:
            raise WrongSettings(str(wrong)) from wrong

    def _read_corrections(self) -> tuple[Correction, ...]:
        folders = (self.reference / "corrections", self.place.corrections)
        paths = [path for folder in folders for path in sorted(folder.glob("*.toml"))]
        try:
            return parse_corrections([(path.name, path.read_text("utf-8")) for path in paths])
        except WrongCorrections as wrong:
            raise WrongSettings(str(wrong)) from wrong
        except UnicodeDecodeError as wrong:
            raise WrongSettings("Một tệp đính chính không ở bảng mã UTF-8. Hãy lưu lại dưới dạng UTF-8.") from wrong

    def _read_unit(self) -> UnitSettings:
        path, own_path = self.reference / "don_vi.toml", self.place.settings
        shipped = _read_toml(path)
        unit = _check_unit(path, shipped)  # before the home's file, which would be blamed for the shipped one's faults
        if not own_path.is_file():
            return unit
        own = _read_toml(own_path)
        unit = _check_unit(own_path, overlay(shipped, own))
        return blank_other_units_recipients(unit, shipped["don_vi"], own.get("don_vi", {}))

    @property
    def template(self) -> Path:
        """The report's Word template: the home's own one if the office put one there, else the shipped one."""
        return self.own_template or PROJECT / "templates" / "bao_cao_cchc" / "bao-cao.docx"

    @property
    def own_template(self) -> Path | None:
        """The Word template that the office put into the home, if any."""
        own = self.place.root / "templates" / "bao-cao.docx"
        return own if own.is_file() else None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as wrong:
        raise WrongSettings(f"Tệp {path} {say_syntax(wrong)}. Hãy sửa rồi chạy lại.") from None
    except BadReferenceFile as wrong:
        raise WrongSettings(str(wrong)) from wrong


def _check_unit(path: Path, merged: Mapping[str, Any]) -> UnitSettings:
    try:
        return UnitSettings.model_validate(merged)
    except ValidationError as wrong:
        faults = say_faults(wrong)
        raise WrongSettings(f"Tệp {path} có mục không dùng được: {faults}. Hãy sửa rồi chạy lại.") from None
