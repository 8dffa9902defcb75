"""Checks every certificate below a folder: `python checker derivations [RESULT ...]`. Needs Python and nothing else."""

import sys
import time
from pathlib import Path

if not __package__:  # run as a plain script: what this folder holds is found beside it
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.catalogue import Catalogue


def main(arguments: list[str]) -> int:
    """0 when every step is accepted, 1 when one is not, 2 when there is nothing to check."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    catalogue, started, good, count, fine = Catalogue(Path(arguments[0])), time.perf_counter(), 0, 0, True
    known = catalogue.ids()
    unknown = [name for name in arguments[1:] if name not in known]
    if unknown or not known:
        print(f"{(unknown or arguments)[0]}: no result.json there; name the folder of the results, then results in it")
        return 2
    for result in arguments[1:] or known:
        for answer in catalogue.check(result):
            count += answer.step > 0
            good += answer.step > 0 and not answer.reason
            if answer.reason:
                fine = False
                step = f", step {answer.step}" if answer.step else ""
                print(ascii(f"refused: {result}, {answer.chain}{step}: {answer.reason}")[1:-1])
    seconds = time.perf_counter() - started
    print(f"{good} of {count} steps accepted, {catalogue.granted()}, in {seconds:.1f} s")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
