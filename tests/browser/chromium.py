"""Which browser the tests, the screenshots and the measures drive, and how."""

import shutil

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "The browser tests need Chromium, and libatomic for its driver. `make test` installs them"
    " when it may; else, on Debian or Ubuntu, as root:\n"
    "  apt-get install chromium-headless-shell libatomic1\n"
    "Without them, all the other tests: make test PYTEST_ARGS='-m \"not browser\"'"
)


def chromium() -> str | None:
    """Debian's Chromium: Playwright's own cannot be had from the package registries.

    The one without windows first: a third of the work for the same pages.
    """
    found = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
    return next(filter(None, found), None)
