"""What is counted, one module for each area of the catalogue."""
