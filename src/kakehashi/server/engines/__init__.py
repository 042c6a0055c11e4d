"""The engines of the server: opened once, shared by all requests, measured for each.

Belongs here: which models are offered, running a skill outside the event loop, cancelling it,
counting what it used. Must not be here: what a request looks like on the wire (api), what it may
use (metering).

The way in is `pool.Pool.run`; see its docstring.
"""
