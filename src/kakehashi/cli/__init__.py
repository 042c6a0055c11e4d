"""The command line: one file per verb, loaded when it is called.

Belongs here: arguments, terminals, exit codes, what a person reads (`messages`).
Does not: skills (`language`), formats (`documents`), anything another program could want.
"""

from __future__ import annotations
