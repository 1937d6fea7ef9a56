"""Who may make the next block, which branch counts, what is final: every idea on one block tree."""
