"""The server: Kakehashi for many people, over the APIs that their programs already speak.

Belongs here: the Django project, one app per capability (people, keys, metering, api …), and what
runs it. Must not be here: anything about languages, documents or models that a program without a
server would need too. Django is imported nowhere else.
"""
