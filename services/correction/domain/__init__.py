"""Rules of correction and resettlement: pure functions over the contract's messages."""
