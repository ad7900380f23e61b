"""Spreadsheets: reading, writing, and what their columns mean by the contract."""
