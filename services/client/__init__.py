"""The Python client of the product, for programs.

>>> from geju.mediation.v1 import dispute_service_pb2 as disputes, dispute_service_pb2_grpc as rpc
>>> from services.client import Geju
>>> with Geju.local() as geju:
...     stub = geju.stub(rpc.DisputeServiceStub)
...     for dispute in geju.records(stub.ListDisputes, disputes.ListDisputesRequest()):
...         print(dispute.name)
"""

from services.client.client import Geju, NoTarget
from services.client.home import Home, NotRunning

__all__ = ["Geju", "Home", "NoTarget", "NotRunning"]
