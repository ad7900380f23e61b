"""Personal data is unreadable without its key and its place."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from services.chassis.crypto import CryptoError, RecordKeys, row

ROW = row("dispute", UUID(int=1))
OTHER_ROW = row("dispute", UUID(int=2))


def test_what_is_encrypted_can_be_read_in_its_row() -> None:
    """Decrypting in the same row gives back the text."""
    keys = RecordKeys.generate()
    assert "张某某".encode() == keys.decrypt(keys.encrypt("张某某".encode(), ROW), ROW)


def test_a_value_moved_to_another_row_is_refused() -> None:
    """A value cannot be decrypted as part of another row."""
    keys = RecordKeys.generate()
    with pytest.raises(CryptoError):
        keys.decrypt(keys.encrypt(b"x", ROW), OTHER_ROW)


@pytest.mark.parametrize("place", [0, 1, 2, 5, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    """No byte of a value can change unnoticed."""
    keys = RecordKeys.generate()
    blob = bytearray(keys.encrypt(b"x", ROW))
    blob[place] ^= 1
    with pytest.raises(CryptoError):
        keys.decrypt(bytes(blob), ROW)


@pytest.mark.parametrize("length", range(18))
def test_a_cut_value_is_noticed(length: int) -> None:
    """A value that was cut short is refused, however short."""
    keys = RecordKeys.generate()
    with pytest.raises(CryptoError):
        keys.decrypt(keys.encrypt(b"", ROW)[:length], ROW)


def test_equal_texts_differ_when_encrypted() -> None:
    """Encrypting twice never gives the same bytes."""
    keys = RecordKeys.generate()
    assert keys.encrypt(b"x", ROW) != keys.encrypt(b"x", ROW)


def test_rotation_reads_old_and_writes_new() -> None:
    """After rotation old values stay readable, new ones carry the new key, and search hashes stay."""
    old = RecordKeys.generate("k1")
    added = old.with_key("k2")
    new = added.using("k2")
    before = old.encrypt(b"x", ROW)
    assert added.is_current(before)
    assert added.decrypt(new.encrypt(b"x", ROW), ROW) == b"x"
    assert new.decrypt(before, ROW) == b"x"
    assert [new.is_current(before), new.is_current(new.encrypt(b"x", ROW))] == [False, True]
    assert old.search_hash("测试甲") == new.search_hash("测试甲")


def test_a_key_is_neither_replaced_nor_used_before_it_is_there() -> None:
    """Adding a key that is there, which would lose it, and using one that is not are refused."""
    keys = RecordKeys.generate("k1")
    with pytest.raises(CryptoError, match="already"):
        keys.with_key("k1")
    with pytest.raises(CryptoError, match="no key 'k2'"):
        keys.using("k2")


def test_a_value_of_an_unknown_key_names_it() -> None:
    """A missing key is named, so that it can be brought back."""
    blob = RecordKeys.generate("lost").encrypt(b"x", ROW)
    with pytest.raises(CryptoError, match="lost"):
        RecordKeys.generate("k1").decrypt(blob, ROW)


@pytest.mark.parametrize("other", [" 11010119900101001X", "11010119900101001x", "１１０１０１１９９００１０１００１Ｘ"])
def test_search_ignores_width_case_and_blanks(other: str) -> None:
    """The same number is found however it was typed."""
    keys = RecordKeys.generate()
    assert keys.search_hash("11010119900101001X") == keys.search_hash(other)


def test_search_hashes_depend_on_the_key() -> None:
    """Without the key a hash cannot be guessed from the text."""
    assert RecordKeys.generate().search_hash("测试甲") != RecordKeys.generate().search_hash("测试甲")


def test_borders_of_hashed_parts_count() -> None:
    """Moving a character from one part to the next changes the hash."""
    keys = RecordKeys.generate()
    assert keys.keyed_hash("ab", "c") != keys.keyed_hash("a", "bc")


def test_a_key_file_keeps_everything_and_is_private(tmp_path: Path) -> None:
    """A saved key file reads back equal and belongs to its owner alone."""
    keys, path = RecordKeys.generate().with_key("k2").using("k2"), tmp_path / "keys.json"
    keys.save(path)
    assert keys == RecordKeys.load(path)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"current": "a", "keys": {"a": "c2hvcnQ="}, "search": "c2hvcnQ="}', '{"keys": 1}']
)
def test_a_bad_key_file_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    """A malformed key file gives an error that does not hold its content."""
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CryptoError) as error:
        RecordKeys.load(path)
    assert "c2hvcnQ" not in str(error.value)


def test_keys_do_not_show_in_repr() -> None:
    """Printing keys shows none."""
    keys = RecordKeys.generate()
    assert repr(keys) == "RecordKeys(current='k1')"
