"""`python -m kakehashi` is `kakehashi`."""

from __future__ import annotations

from kakehashi.cli.main import main

if __name__ == "__main__":
    main()
