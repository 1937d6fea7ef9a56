"""What stands on a chain: accounts and contracts, two overlays at one node, layers above and beside it."""
