"""What lecturers use: marks for what is handed in, answer keys, editions, templates, a self-test.

A learner's code runs here, in processes of their own. Nothing that a learner needs may be in this room.
"""
