"""Is it alive, is it ready, what is it doing: for those who run the server.

Must not be here: figures about people (metering).
"""
