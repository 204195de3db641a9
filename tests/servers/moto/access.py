"""Rules of AWS that moto's enforcement does not have.

A permissions boundary has to allow what its principal does, too; across
accounts the bucket's policy has to allow it beside the caller's own, and may
deny whatever is asked of the bucket; and what a role's trust policy says of
others does not concern the caller.
"""

import json

from moto.iam.access_control import (
    IAMPolicy,
    IAMPolicyStatement,
    IAMRequestBase,
    IAMUserAccessKey,
    PermissionResult,
    S3IAMRequest,
)
from moto.iam.utils import format_incoming_conditional_values
from moto.s3.exceptions import MethodNotAllowed, S3AccessDeniedError
from moto.s3.models import s3_backends


class NotLetIn(S3AccessDeniedError):
    """In the words that AWS has for callers of the same organization."""

    def __init__(self, principal, action, resource):
        super().__init__()
        self.message = (
            f"User: {principal} is not authorized to perform: {action} on "
            f'resource: "{resource}" because no resource-based policy '
            f"allows the {action} action"
        )


def apply():
    check_own = IAMRequestBase.check_action_permitted

    def check(self, resource):
        check_own(self, resource)
        if self._action == "sts:GetCallerIdentity":
            return
        limit = boundary_of(self.backend, *holder_of(self._access_key))
        if limit and says(limit, self._action, resource) != "allowed":
            self._raise_access_denied()
        if isinstance(self, S3IAMRequest):
            check_bucket(self, resource)

    IAMRequestBase.check_action_permitted = check
    IAMRequestBase._check_role_trust_relationship = is_trusted


def holder_of(key):
    if isinstance(key, IAMUserAccessKey):
        return "user", key._owner_user_name
    return "role", key._owner_role_name


def boundary_of(iam, kind, name):
    """The boundary's policy, or None."""
    principal = iam.get_user(name) if kind == "user" else iam.get_role(name)
    arn = getattr(principal, "permissions_boundary_arn", None)
    return iam.managed_policies.get(arn) if arn else None


def says(policy, action, resource):
    """In the words of iam:SimulatePrincipalPolicy."""
    found = IAMPolicy(policy).is_action_permitted(action, resource)
    return {
        PermissionResult.PERMITTED: "allowed",
        PermissionResult.DENIED: "explicitDeny",
        PermissionResult.NEUTRAL: "implicitDeny",
    }[found]


def check_bucket(request, resource):
    name = resource.split(":::", 1)[1].split("/", 1)[0]
    if name not in s3_backends.bucket_accounts:
        return
    partition, account = s3_backends.bucket_accounts[name]
    bucket = s3_backends[account][partition].get_bucket(name)
    principal = request._access_key.arn
    said = {
        says(
            json.dumps({"Statement": [statement]}), request._action, resource
        )
        # moto evaluates no conditions.
        for statement in statements(bucket.policy or b'{"Statement": []}')
        if "Condition" not in statement
        and concerns(statement, principal, request.account_id)
    }
    if "explicitDeny" in said:
        raise S3AccessDeniedError()
    if account == request.account_id:
        return
    if request._action == "s3:GetBucketPolicy":
        # Nobody but the owner's account sees it.
        raise MethodNotAllowed()
    if "allowed" not in said:
        raise NotLetIn(principal, request._action, resource)


def is_trusted(request, role_arn):
    role = request.backend.get_role_by_arn(role_arn)
    context = format_incoming_conditional_values(request._data)
    effects = {
        statement["Effect"]
        for statement in statements(role.assume_role_policy_document)
        if concerns(statement, request._access_key.arn, request.account_id)
        and allows_under(statement, request._action, context)
    }
    return effects == {"Allow"}


def allows_under(statement, action, context):
    matcher = IAMPolicyStatement(statement)
    return matcher._check_element_matches(
        "Action", action
    ) and matcher._check_conditions(context)


def statements(policy):
    found = json.loads(policy)["Statement"]
    return found if isinstance(found, list) else [found]


def concerns(statement, principal, account):
    named = statement.get("Principal", {})
    named = named.get("AWS", []) if isinstance(named, dict) else named
    named = [named] if isinstance(named, str) else named
    root = f"arn:aws:iam::{account}:root"
    return any(one in ("*", principal, account, root) for one in named)
