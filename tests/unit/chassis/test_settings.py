"""Settings say what they mean and keep secrets."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.chassis.settings import Settings, describe


def test_every_setting_is_described() -> None:
    """No setting goes without a description that ends in a full stop."""
    assert [row.variable for row in describe() if not row.description.endswith(".")] == []


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables with the prefix fill the settings; empty ones count as unset."""
    monkeypatch.setenv("GEJU_SOURCES", '{"mediation": "127.0.0.1:1"}')
    monkeypatch.setenv("GEJU_TLS_CERT", "")
    settings = Settings()
    assert settings.sources == {"mediation": "127.0.0.1:1"}
    assert not settings.tls


def test_a_wrong_setting_is_refused_without_quoting_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be read is named, its value is not shown."""
    monkeypatch.setenv("GEJU_DATABASE_POOL", "hush-hush")
    with pytest.raises(ValidationError) as error:
        Settings()
    assert "database_pool" in str(error.value)
    assert "hush" not in str(error.value)


def test_urls_do_not_show_in_repr() -> None:
    """Printing settings shows no password."""
    settings = Settings(database_url="postgresql://u:hush@h/d", nats_url="nats://u:hush@h", database_owner_url="hush")
    assert "hush" not in repr(settings)


def test_the_reference_names_variable_type_and_default() -> None:
    """A row of the reference is complete."""
    rows = {row.variable: row for row in describe()}
    assert (rows["GEJU_DATABASE_POOL"].type, rows["GEJU_DATABASE_POOL"].default) == ("integer", "16")
    assert rows["GEJU_LOG_LEVEL"].type == "one of debug, info, warning, error"
    assert (rows["GEJU_RECORD_KEYS"].type, rows["GEJU_RECORD_KEYS"].default) == ("path", "")
