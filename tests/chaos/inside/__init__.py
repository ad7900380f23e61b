"""What is changed within the processes of an installation under fire: each module has `enter(folder)`.

These are imported by the supervisor and by every service, so they import little.
"""
