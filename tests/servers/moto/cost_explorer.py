"""A Cost Explorer that knows an answer to every question.

The figures are made from date, group and metric, so that the same question
always has the same answer; `revision` gives other ones. What Cost Explorer
refuses is refused here too, with its words (dates against the lane's clock).
"""

import base64
import binascii
import datetime
import decimal
import hashlib
import itertools
import json

METRICS = (
    "AmortizedCost",
    "BlendedCost",
    "NetAmortizedCost",
    "NetUnblendedCost",
    "NormalizedUsageAmount",
    "UnblendedCost",
    "UsageQuantity",
)
USAGE_METRICS = ("NormalizedUsageAmount", "UsageQuantity")
FORECAST_METRICS = (
    "AMORTIZED_COST",
    "BLENDED_COST",
    "NET_AMORTIZED_COST",
    "NET_UNBLENDED_COST",
    "UNBLENDED_COST",
)
# A group's share of the day's bill, in dollars; negative ones are credits.
SERVICES = {
    "Amazon Elastic Compute Cloud - Compute": "412.5",
    "Amazon Relational Database Service": "187.25",
    "Amazon Simple Storage Service": "96.4",
    "EC2 - Other": "74.3",
    "AmazonCloudWatch": "31.05",
    "AWS Lambda": "12.75",
    "Amazon Virtual Private Cloud": "9.6",
    "AWS Key Management Service": "0.85",
    "AWS Cost Explorer": "0.12",
    "Amazon Simple Queue Service": "0.0000004",
    "Savings Plans for AWS Compute usage": "-58.2",
    "Tax": "148.9",
}
DIMENSIONS = {
    "LINKED_ACCOUNT": ("123456789012", "210987654321"),
    "REGION": ("eu-west-1", "us-east-1", "global"),
    "USAGE_TYPE": ("BoxUsage:m5.large", "TimedStorage-ByteHrs", "Requests-Tier1"),
}
KNOWN_MEMBERS = {
    "GetCostAndUsage": {
        "BillingViewArn",
        "Filter",
        "Granularity",
        "GroupBy",
        "Metrics",
        "NextPageToken",
        "TimePeriod",
    },
    "GetCostForecast": {
        "BillingViewArn",
        "Filter",
        "Granularity",
        "Metric",
        "PredictionIntervalLevel",
        "TimePeriod",
    },
}
MONTHS_BACK = 13


class Refusal(Exception):
    """An error of the service: a code and a message."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


def invalid(message):
    return Refusal("ValidationException", message)


def cost_and_usage(question, settings, now):
    check_members("GetCostAndUsage", question)
    start, end = time_period(question)
    today = now.date()
    check_dates(start, end, today)
    metrics = question.get("Metrics") or []
    for metric in metrics:
        if metric not in METRICS:
            raise invalid(f"Metrics contains invalid value: {metric}")
    if not metrics:
        raise invalid("Metrics must not be empty")
    group_by = question.get("GroupBy") or []
    if len(group_by) > 2:
        raise invalid("GroupBy must not have more than 2 members")
    granularity = question.get("Granularity")
    if granularity not in ("DAILY", "MONTHLY"):
        raise invalid("Granularity must be DAILY or MONTHLY")

    periods = split_period(start, end, granularity)
    rows = [
        (period, keys)
        for period in periods
        for keys in group_keys(group_by, settings)
    ]
    rows, next_token = page_of(rows, question, settings)
    shown = periods
    if group_by and settings["page_size_groups"] > 0:
        shown = sorted({period for period, _ in rows})
    results = []
    for period in shown:
        groups = [
            {
                "Keys": list(keys),
                "Metrics": amounts(period, [keys], metrics, settings),
            }
            for row_period, keys in rows
            if group_by and row_period == period
        ]
        everything = [(name,) for name in service_names(settings)]
        results.append(
            {
                "TimePeriod": period_document(period),
                "Total": {}
                if group_by
                else amounts(period, everything, metrics, settings),
                "Groups": groups,
                "Estimated": is_estimated(period, settings, today),
            }
        )
    document = {
        "ResultsByTime": results,
        "DimensionValueAttributes": attributes(group_by, settings),
    }
    if group_by:
        document["GroupDefinitions"] = group_by
    if next_token:
        document["NextPageToken"] = next_token
    return document


def cost_forecast(question, settings, now):
    check_members("GetCostForecast", question)
    start, end = time_period(question)
    if start < now.date():
        raise invalid("Start date of the forecast must not be in the past")
    metric = question.get("Metric")
    if metric not in FORECAST_METRICS:
        raise invalid(f"Metric is invalid: {metric}")
    granularity = question.get("Granularity")
    if granularity not in ("DAILY", "MONTHLY"):
        raise invalid("Granularity must be DAILY or MONTHLY")
    level = question.get("PredictionIntervalLevel")
    total = decimal.Decimal(0)
    results = []
    for period in split_period(start, end, granularity):
        mean = sum(
            amount(day, (name,), metric, settings)
            for day in days_of(period)
            for name in service_names(settings)
        )
        total += mean
        result = {
            "TimePeriod": period_document(period),
            "MeanValue": text_of(mean),
        }
        if level is not None:
            result["PredictionIntervalLowerBound"] = text_of(
                mean * decimal.Decimal("0.9")
            )
            result["PredictionIntervalUpperBound"] = text_of(
                mean * decimal.Decimal("1.1")
            )
        results.append(result)
    return {
        "Total": {"Amount": text_of(total), "Unit": "USD"},
        "ForecastResultsByTime": results,
    }


# Questions


def check_members(operation, question):
    unknown = set(question) - KNOWN_MEMBERS[operation]
    if unknown:
        names = ", ".join(sorted(unknown))
        raise Refusal("SerializationException", f"Unknown members: {names}")


def time_period(question):
    period = question.get("TimePeriod") or {}
    try:
        start, end = (
            datetime.date.fromisoformat(period[name])
            for name in ("Start", "End")
        )
    except (KeyError, TypeError, ValueError):
        raise invalid("TimePeriod must have Start and End, YYYY-MM-DD")
    if start >= end:
        raise invalid(
            "Start date (and hour) should be before end date (and hour)"
        )
    return start, end


def check_dates(start, end, today):
    this_month = today.replace(day=1)
    if end > next_month(this_month):
        raise invalid("end date past the beginning of next month")
    if start > today:
        raise invalid("Start date must not be in the future")
    oldest = this_month
    for _ in range(MONTHS_BACK):
        oldest = (oldest - datetime.timedelta(days=1)).replace(day=1)
    if start < oldest:
        raise invalid("You haven't enabled historical data beyond 14 months.")


def next_month(first):
    return (first + datetime.timedelta(days=32)).replace(day=1)


def split_period(start, end, granularity):
    periods = []
    while start < end:
        if granularity == "DAILY":
            stop = start + datetime.timedelta(days=1)
        else:
            stop = min(next_month(start.replace(day=1)), end)
        periods.append((start, stop))
        start = stop
    return periods


def days_of(period):
    start, end = period
    return [
        start + datetime.timedelta(days=n) for n in range((end - start).days)
    ]


def period_document(period):
    return {"Start": period[0].isoformat(), "End": period[1].isoformat()}


def is_estimated(period, settings, today):
    if settings["estimated"] != "auto":
        return settings["estimated"] in (True, "true")
    return period[1] > today.replace(day=1)


# Pages: cut by groups, so that one day may stand on two of them


def page_of(rows, question, settings):
    """The rows of the page that is asked for, and the next page's token."""
    size = settings["page_size_groups"]
    asked = {k: v for k, v in question.items() if k != "NextPageToken"}
    digest = hashlib.sha256(
        json.dumps(asked, sort_keys=True).encode()
    ).hexdigest()
    offset = 0
    if "NextPageToken" in question:
        try:
            token = base64.b64decode(question["NextPageToken"], validate=True)
            offset, token_digest = json.loads(token)
        except (ValueError, TypeError, binascii.Error):
            raise Refusal("InvalidNextTokenException", "Invalid page token")
        if token_digest != digest:
            raise Refusal(
                "RequestChangedException", "The request has changed"
            )
    if size <= 0 or not question.get("GroupBy"):
        return rows, None
    next_token = None
    if offset + size < len(rows):
        token = json.dumps([offset + size, digest]).encode()
        next_token = base64.b64encode(token).decode()
    return rows[offset : offset + size], next_token


# Groups and figures


def service_names(settings):
    names = list(SERVICES)
    names += [f"AWS Test Service {n:03d}" for n in range(len(names), 1000)]
    return names[: settings["services"]]


def group_keys(group_by, settings):
    """The tuples of keys that one period has; a single one without groups."""
    if not group_by:
        return [()]
    return list(
        itertools.product(*(values_of(group, settings) for group in group_by))
    )


def values_of(group, settings):
    kind, key = group.get("Type"), group.get("Key")
    if kind == "DIMENSION":
        if key == "SERVICE":
            return service_names(settings)
        return DIMENSIONS.get(key, (f"{key} one", f"{key} two"))
    if kind in ("TAG", "COST_CATEGORY"):
        return (f"{key}$", f"{key}$platform", f"{key}$web")
    raise invalid(f"Type of GroupBy is invalid: {kind}")


def attributes(group_by, settings):
    wanted = {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}
    if wanted not in group_by:
        return []
    return [
        {"Value": account, "Attributes": {"description": f"account {account}"}}
        for account in values_of(wanted, settings)
    ]


def amounts(period, keys_list, metrics, settings):
    return {
        metric: {
            "Amount": text_of(
                sum(
                    amount(day, keys, metric, settings)
                    for day in days_of(period)
                    for keys in keys_list
                )
            ),
            "Unit": "N/A" if metric in USAGE_METRICS else "USD",
        }
        for metric in metrics
    }


def amount(day, keys, metric, settings):
    """One day's figure: the group's usual one, moved by a fifth at most."""
    seed = "|".join(
        (day.isoformat(), *keys, metric, str(settings["revision"]))
    )
    chance = int.from_bytes(
        hashlib.sha256(seed.encode()).digest()[:8], "big"
    ) % 10**10
    usual = decimal.Decimal(SERVICES.get(keys[0] if keys else "", "3.5"))
    if settings["revision"]:
        usual *= 1 + settings["revision"]
    moved = usual * (
        decimal.Decimal("0.9") + decimal.Decimal(chance) / 5 / 10**10
    )
    # Tiny figures stay tiny: these are the ones that come with an exponent.
    places = 10 if abs(moved) > decimal.Decimal("0.001") else 2 - moved.adjusted()
    return moved.quantize(decimal.Decimal(1).scaleb(-places))


def text_of(value):
    """As Cost Explorer writes it: no trailing zeros, 1.23E-8 when tiny."""
    value = decimal.Decimal(value)
    if value == 0:
        return "0"
    value = value.normalize()
    if value.adjusted() >= -6:
        return format(value, "f")
    return str(value)
