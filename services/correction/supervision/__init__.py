"""Supervision (监督管理): persons under correction and all that is recorded of them."""
