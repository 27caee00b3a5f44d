#!/usr/bin/env python3
"""Prints every account that is not HEALTHY, the one nearest to trouble first.

Standard library only. Amounts arrive as strings and become decimal.Decimal, never float.

    BALLAST_TOKEN=... python3 examples/python/watch_list.py http://127.0.0.1:4000
"""
import decimal
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

QUERY = (
    pathlib.Path(__file__).resolve().parent.parent / "queries" / "risk-manager" / "nearest-to-trouble.graphql"
).read_text(encoding="utf-8")


class BallastError(Exception):
    """A refusal of the service; the code is one of the closed list of the API."""


def ask(url, token, query, variables):
    """Asks one operation and returns its data; 429 and 503 are asked again, three times at most."""
    request = urllib.request.Request(
        url.rstrip("/") + "/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode("utf-8"),
        headers={"content-type": "application/json", "authorization": "Bearer " + token},
    )
    for attempt in (1, 2, 3):
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                body = json.load(response)
            break
        except urllib.error.HTTPError as refusal:
            if refusal.code in (429, 503) and attempt < 3:
                time.sleep(float(refusal.headers.get("retry-after") or attempt))
                continue
            body = json.load(refusal)
            break
    if body.get("errors"):
        first = body["errors"][0]
        raise BallastError(f"{first['extensions']['code']}: {first['message']}")
    return body["data"]


def accounts(url, token, page_size=50):
    """Reads the list to its end, a page at a time."""
    after = None
    while True:
        page = ask(url, token, QUERY, {"first": page_size, "after": after})["accounts"]
        for edge in page["edges"]:
            yield edge["node"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def main():
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4000"
    token = os.environ["BALLAST_TOKEN"]
    shortfall = decimal.Decimal(0)
    for account in accounts(url, token):
        requirement = account["requirement"]
        if requirement is None or requirement["status"] == "HEALTHY":
            continue
        buffer = requirement["buffer"] and decimal.Decimal(requirement["buffer"]["amount"])
        if buffer is not None and buffer < 0:
            shortfall -= buffer
        print(account["code"], requirement["status"], "buffer", buffer, "quality", requirement["quality"])
    print("shortfall, each account in its own currency:", shortfall)


if __name__ == "__main__":
    try:
        main()
    except BallastError as refusal:
        sys.exit(str(refusal))
