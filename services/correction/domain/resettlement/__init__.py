"""Rules of resettlement: released persons and what is done for them."""
