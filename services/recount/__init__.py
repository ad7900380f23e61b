"""Every figure counted once more: naively, in plain Python, from the services' own records as gRPC answers them.

It shares no code with what it checks (`.importlinter`): each definition of the plan is written down here in words of
its own. The profile and the client come in as arguments.
"""
