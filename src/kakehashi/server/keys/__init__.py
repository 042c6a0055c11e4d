"""API keys: made, shown once, checked, rotated, revoked.

Belongs here: everything about a key's life. Must not be here: what a key may use up (metering).
"""
