"""Where this installation runs: the home folder, the shipped files, the unit's settings.

Belongs here: environment variables and reading TOML settings. Does not belong here: what a setting means
(schemas/unit). Nothing is read at import.
"""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assets.io.home import Home
from assets.io.reference import load_reference
from schemas.corrections import Correction, WrongCorrections, parse_corrections
from schemas.rules.reference import ReferenceFacts
from schemas.unit import UnitSettings, overlay

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
        unit = self._read_unit()
        return unit.model_copy(update={"dinh_chinh": (*unit.dinh_chinh, *self._read_corrections())})

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
        base = tomllib.loads((self.reference / "don_vi.toml").read_text("utf-8"))
        own_path = self.place.settings
        if not own_path.is_file():
            return UnitSettings.model_validate(base)
        try:
            own = tomllib.loads(own_path.read_text("utf-8"))
            return UnitSettings.model_validate(overlay(base, own))
        except tomllib.TOMLDecodeError as wrong:
            raise WrongSettings(f"Tệp {own_path} không đúng dạng TOML: {wrong}. Hãy sửa rồi chạy lại.") from wrong
        except UnicodeDecodeError as wrong:
            raise WrongSettings(f"Tệp {own_path} không ở bảng mã UTF-8. Hãy lưu lại dưới dạng UTF-8.") from wrong
        except ValidationError as wrong:
            places = "; ".join(".".join(str(part) for part in one["loc"]) for one in wrong.errors())
            raise WrongSettings(f"Tệp {own_path} có mục không dùng được: {places}. Hãy sửa rồi chạy lại.") from wrong

    @property
    def template(self) -> Path:
        """The report's Word template: the home's own one if the office put one there, else the shipped one."""
        own = self.place.root / "templates" / "bao-cao.docx"
        return own if own.is_file() else PROJECT / "templates" / "bao_cao_cchc" / "bao-cao.docx"
