"""The ground floor: units, effects, messages, records and keyed draws. It imports nothing of ours."""
