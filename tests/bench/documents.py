"""Documents like Cost Explorer's, the same ones each time.

usage: documents.py DIR NAME:SERVICES:DAYS...   DIR/NAME.json
"""

import json
import random
import sys

METRICS = (
    "UnblendedCost",
    "BlendedCost",
    "AmortizedCost",
    "NetUnblendedCost",
    "NetAmortizedCost",
)


def day(number, services):
    return {
        "TimePeriod": {
            "Start": f"2025-09-{number % 30 + 1:02d}",
            "End": f"2025-09-{number % 30 + 2:02d}",
        },
        "Total": {},
        "Groups": [
            {
                "Keys": [f"Amazon Service Number {service}"],
                "Metrics": {
                    name: {
                        "Amount": f"{random.random() * 100:.10f}",
                        "Unit": "USD",
                    }
                    for name in METRICS
                },
            }
            for service in range(services)
        ],
        "Estimated": False,
    }


def write(file, services, days):
    """A day at a time: the largest would take a gigabyte as a tree."""
    file.write('{"cost_and_usage":{"ResultsByTime":[')
    for number in range(days):
        file.write("," if number else "")
        file.write(json.dumps(day(number, services), separators=(",", ":")))
    file.write("]}}")


def main(folder, *documents):
    for document in documents:
        name, services, days = document.split(":")
        random.seed(7)
        with open(f"{folder}/{name}.json", "w") as file:
            write(file, int(services), int(days))


main(*sys.argv[1:])
