"""Legal services: firms and practitioners, complaints, services to villages and government (大服务)."""
