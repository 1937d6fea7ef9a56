"""What can be read off one run or two: comparisons, curves, a table of peers, and the lecture's figures."""
