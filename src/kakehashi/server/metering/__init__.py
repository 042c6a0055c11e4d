"""What is used and what it costs: the ledger, reservations, limits, prices.

The rule of this room: **reserve before, settle after.** `reserving.reserve` refuses what a limit
does not allow and keeps the most that a request may use; `settling.settle` writes the one entry of
the ledger with the engine's own counts and gives the rest back. Every reservation ends as exactly
one entry, whatever happens to the process (`leases`). Counters are derived from the ledger and can
be made anew at any time (`counters`). What cannot be written down is refused.

Must not be here: HTTP, engines, people's names.
"""
