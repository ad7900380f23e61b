"""Rules of supervision (监督管理): persons under correction, their duties and what follows from them."""
