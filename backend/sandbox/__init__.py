"""A stand-in WeChat platform for development, demonstration and tests: a process of its own, on loopback only.

It is as strict as the published rules: real codes for spent codes, missing grants, over-long fields, old tokens. It
shares no code with the client it answers, so that a mistake there cannot hide here.
"""
