# SPDX-License-Identifier: Apache-2.0
"""Queries a Prometheus that scrapes the service for each expression of a dashboard: dashboard.py DASHBOARD URL."""

import json
import sys
import urllib.parse
import urllib.request

# What a service on a CPU without refusals does not have.
MAY_BE_EMPTY = ("cxr_device_memory_bytes",)


def main(path, url):
    with open(path, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    failed = 0
    queried = 0
    for panel in panels:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", "1m")
            query = urllib.parse.urlencode({"query": expression})
            result = ask(f"{url}/api/v1/query?{query}")["result"]
            queried += 1
            if not result and not any(name in expression for name in MAY_BE_EMPTY):
                failed += 1
                print(f"{panel['title']}: nothing for {expression}")
    print(f"{queried} expressions, {failed} without a value")
    for target in ask(f"{url}/api/v1/targets")["activeTargets"]:
        if target["lastError"]:
            failed += 1
            print(f"{target['scrapeUrl']}: {target['lastError']}")
    return 1 if failed else 0


def ask(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)["data"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
