"""Questions, checks, hints and progress; one module per lesson."""
