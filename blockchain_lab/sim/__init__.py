"""The simulator: a queue of plain data, links, hosts, the trace, and time travel. It knows no protocol."""
