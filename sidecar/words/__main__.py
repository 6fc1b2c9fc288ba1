"""Bring the catalogues up to what the code says: `python -m sidecar.words`."""

from __future__ import annotations

from sidecar.words.catalogues import catalogue_file, read_catalogue
from sidecar.words.extraction import TRANSLATED, renewed, untranslated


def main() -> None:
    for language in TRANSLATED:
        file = catalogue_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(renewed(language))
        missing = untranslated(read_catalogue(language))
        print(f"{file}: {len(missing)} to be translated", *missing, sep="\n  ")  # noqa: T201 - a tool


if __name__ == "__main__":
    main()
