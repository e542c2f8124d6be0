"""`make golden`: shows a person where the code differs from the signed files, and lays each down only when told to.

Without a terminal it only shows, and ends with 1 when there is a difference.
"""

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

SIGNED = Path("tests/golden")
RENDERED = Path(".build/golden")


def differences() -> list[Path]:
    """Run the tests that compare with signed files and return what they rendered otherwise."""
    shutil.rmtree(RENDERED, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "golden", "--no-header", "--tb=no", "-p", "no:randomly"],
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return sorted(path.relative_to(RENDERED) for path in RENDERED.rglob("*") if path.is_file())


def show(path: Path) -> None:
    """Print the difference between the signed and the rendered file."""
    signed = SIGNED / path
    before = signed.read_text(encoding="utf-8").splitlines() if signed.exists() else []
    after = (RENDERED / path).read_text(encoding="utf-8").splitlines()
    print("\n".join(difflib.unified_diff(before, after, f"signed   {path}", f"rendered {path}", lineterm="")))


def sign(path: Path) -> None:
    """Lay the rendered file down as the signed one."""
    (SIGNED / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(RENDERED / path, SIGNED / path)


def main() -> int:
    """Show every difference; ask about each at a terminal."""
    found = differences()
    if not found:
        print("every rendered file is what was signed")
        return 0
    unsigned = 0
    for path in found:
        show(path)
        if sys.stdin.isatty() and input(f"\nIs {path} right as rendered? [y/N] ").strip().lower() == "y":
            sign(path)
        else:
            unsigned += 1
    print(f"\n{len(found)} differ, {unsigned} left as signed")
    return 1 if unsigned else 0


if __name__ == "__main__":
    sys.exit(main())
