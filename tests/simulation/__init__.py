"""The product's own relay, reader, board and proofs on simulated time, network, broker and databases."""
