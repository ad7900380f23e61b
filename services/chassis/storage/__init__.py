"""Where records are kept: rows, connections and the statements that write them."""
