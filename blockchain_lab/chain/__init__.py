"""What every block chain shares: work and targets, the block tree, orphans, fork choice. No messages here."""
