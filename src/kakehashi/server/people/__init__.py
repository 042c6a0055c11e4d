"""Who uses the server: organisations, departments, members, roles, invitations.

Belongs here: the people and the rule that one organisation never sees another's things
(`scoping`). Must not be here: what they use, and what it costs.
"""
