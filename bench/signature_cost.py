"""What one check of a hook's signature costs, RSA with 2048 bits and the whole body."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.report import is_quick, report
from bench.rig.hooks import bodies, key_pair, signature_of
from sidecar.hooks.signature import Signature, signature_checker

CHECKS = 500 if is_quick() else 5_000


def main() -> None:
    rows: dict[str, Mapping[str, object]] = {}
    with TemporaryDirectory() as folder:
        key, public = key_pair(Path(folder))
        body = next(bodies(1))
        signed = [signature_of(key, body).encode()]
        wrong = [signature_of(key, body + b"x").encode()]
        two, one = signature_checker([public]), signature_checker()
        rows["valid, by the second of two keys"] = timed(lambda: two.check(body, signed), Signature.VALID)
        rows["wrong, two keys tried"] = timed(lambda: two.check(body, wrong), Signature.INVALID)
        rows["wrong, sipgate's key alone"] = timed(lambda: one.check(body, wrong), Signature.INVALID)
        rows["no base64"] = timed(lambda: one.check(body, [b"?"]), Signature.INVALID)
        rows["missing"] = timed(lambda: one.check(body, []), Signature.MISSING)
    report("signature_cost", rows)


def timed(check: Callable[[], Signature], expected: Signature) -> Mapping[str, object]:
    """The quickest of ten rounds: everything slower is the machine's doing."""
    rounds = []
    for _ in range(10):
        began = time.process_time()
        for _ in range(CHECKS // 10):
            assert check() == expected
        rounds.append((time.process_time() - began) / (CHECKS // 10))
    return {"CPU µs": round(1e6 * min(rounds), 1), "checks/CPU s": round(1 / min(rounds))}


if __name__ == "__main__":
    main()
