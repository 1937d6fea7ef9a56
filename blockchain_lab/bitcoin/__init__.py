"""Bitcoin, byte for byte: messages, blocks, rules, synchronisation. No clock, no socket, no simulator."""
