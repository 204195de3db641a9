"""Costs of a made-up account, in the shape of Cost Explorer's answers.

    costs.py full-data|forecast [--hostile]     August 2025, seen on the 20th

Always the same figures: no chance, no clock.
"""

import json
import sys
from decimal import Decimal

DAYS = 20
SERVICES = {
    "Amazon Elastic Compute Cloud - Compute": "412.5",
    "Amazon Relational Database Service": "187.25",
    "Amazon Simple Storage Service": "96.4",
    "EC2 - Other": "74.3",
    "AmazonCloudWatch": "31.05",
    "Amazon Elastic Container Service for Kubernetes": "28.8",
    "Amazon ElastiCache": "22.17",
    "AWS Lambda": "12.75",
    "Amazon Virtual Private Cloud": "9.6",
    "Amazon Route 53": "2.5",
    "AWS Key Management Service": "0.85",
    "AWS Cost Explorer": "0.12",
    "Amazon Simple Queue Service": "0.0000004",
    "Savings Plans for AWS Compute usage": "-58.2",
}
HOSTILE = {
    "=cmd|' /C calc'!A0": "55.5",
    "::error file=a::b ##[warning]c %0A": "44.4",
    "<script>alert(1)</script>\"'&": "33.3",
    "|`*_[x](http://a)\\| @team": "22.2",
    "a\u001b[31mb\u202ec\r\nd": "11.1",
    "\u6771\u4eac\u30c1\u30fc\u30e0 \U0001f680": "9.9",
}


def money(amount):
    return {"Amount": format(amount, "f"), "Unit": "USD"}


def period(day):
    end = f"2025-08-{day + 1:02}" if day < 31 else "2025-09-01"
    return {"Start": f"2025-08-{day:02}", "End": end}


def share(day, base):
    weekend = day % 7 in (2, 3)
    part = Decimal(80 + 7 * day % 23) / 100 * (Decimal("0.6") if weekend else 1)
    return Decimal(base) * part * (Decimal("0.4") if day == DAYS else 1)


def full_data(services):
    results = []
    for day in range(1, DAYS + 1):
        groups = []
        for name, base in services.items():
            amount = share(day, base)
            groups.append({
                "Keys": [name],
                "Metrics": {
                    "UnblendedCost": money(amount),
                    "AmortizedCost": money(amount / 2),
                },
            })
        results.append({
            "TimePeriod": period(day),
            "Total": {},
            "Groups": groups,
            "Estimated": day > 15,
        })
    definitions = [{"Type": "DIMENSION", "Key": "SERVICE"}]
    return {"GroupDefinitions": definitions, "ResultsByTime": results}


def forecast(services):
    base = sum(Decimal(amount) for amount in services.values())
    means = [(day, base * Decimal(90 + day % 5) / 100) for day in range(DAYS, 32)]
    return {
        "Total": money(sum(mean for _, mean in means)),
        "ForecastResultsByTime": [
            {"TimePeriod": period(day), "MeanValue": format(mean, "f")}
            for day, mean in means
        ],
    }


def main():
    services = HOSTILE if "--hostile" in sys.argv else SERVICES
    if sys.argv[1] == "forecast":
        print(json.dumps({"forecast": forecast(services)}))
    else:
        print(json.dumps({"cost_and_usage": full_data(services)}))


main()
