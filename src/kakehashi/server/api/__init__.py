"""The APIs: what programs that exist already speak, on top of the same pool and ledger.

Belongs here: one folder per API, with its own words, errors and status codes. Must not be here:
what a request does (engines), what it may use (metering).
"""
