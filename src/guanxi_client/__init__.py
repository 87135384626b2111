"""A client for the API of Guanxi: the standard library alone, types for everything that is sent and given.

    client = Client("https://crm.example.com", token="gxt_...")
    for customer in client.pages(client.customers_list_customers, tier="vip"):
        print(customer["name"])

Requests that may be sent again (every GET, and POST under an Idempotency-Key of its own) are, after what `Retry-After`
says. `operations.py` and `types/` are written by `script/client` from the OpenAPI document.
"""

from guanxi_client.client import Client, Problem, Response

__all__ = ["Client", "Problem", "Response"]
