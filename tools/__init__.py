"""Programs of the house itself: nothing here runs for a school."""
