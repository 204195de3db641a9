"""What the tests need of moto and moto does not do by itself.

apply() changes moto's classes in this process:
  - whether a request is authenticated and authorised is its lane's setting
  - unsigned requests are refused properly; AssumeRoleWithWebIdentity needs
    no signature, as on AWS
  - permissions boundaries, and buckets of another account (access.py)
  - iam:SimulatePrincipalPolicy, over moto's own policy engine
  - objects are as old as the lane's clock says
  - DELETE keeps to If-Match (moto does from 5.2 on)
  - a statement against requests without TLS is about those alone
  - Cost Explorer's two questions are answered by cost_explorer.py
"""

import json
import time

import access
import aws_request
import cost_explorer
from moto import settings as moto_settings
from moto.ce.responses import CostExplorerResponse
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import AccessDeniedError
from moto.core.responses import ActionResult
from moto.iam.access_control import (
    IAMPolicyStatement,
    IAMRequestBase,
    PermissionResult,
    S3IAMRequest,
)
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse
from moto.s3.exceptions import (
    MissingKey,
    PreconditionFailed,
    S3AccessDeniedError,
)
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

UNSIGNED_ACTIONS = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


def apply():
    moto_settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    patch_authorisation()
    access.apply()
    patch_last_modified()
    patch_conditions()
    patch_conditional_delete()
    IamResponse.simulate_principal_policy = simulate_principal_policy
    CostExplorerResponse.get_cost_and_usage = asking(
        cost_explorer.cost_and_usage
    )
    CostExplorerResponse.get_cost_forecast = asking(
        cost_explorer.cost_forecast
    )


def patch_last_modified():
    initialise = FakeKey.__init__

    def by_the_lane(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        self.last_modified = (
            aws_request.current()
            .lane.now()
            .replace(tzinfo=self.last_modified.tzinfo)
        )

    FakeKey.__init__ = by_the_lane


def patch_conditional_delete():
    delete = S3Response.delete_object

    def on_condition(self):
        wanted = self.headers.get("If-Match")
        if wanted:
            key = self.backend.get_object(
                self.bucket_name, self.parse_key_name()
            )
            if key is None:
                raise MissingKey
            if wanted.strip('"') != key.etag.strip('"'):
                raise PreconditionFailed("If-Match")
        return delete(self)

    S3Response.delete_object = on_condition


def patch_conditions():
    judge = IAMPolicyStatement.is_action_permitted

    def by_the_lane(self, *args, **kwargs):
        condition = self._statement.get("Condition", {}).get("Bool", {})
        secure = str(condition.get("aws:SecureTransport", "")).lower()
        if secure == "false" and aws_request.current().lane.settings["tls"]:
            return PermissionResult.NEUTRAL
        return judge(self, *args, **kwargs)

    IAMPolicyStatement.is_action_permitted = by_the_lane


def patch_authorisation():
    mixin = ActionAuthenticatorMixin
    authorise_signed = mixin._authenticate_and_authorize_action

    def authorise(self, request_class, resource="*"):
        request = aws_request.current()
        if not request.lane.settings["enforce"]:
            return
        if "Authorization" in self.headers:
            authorise_signed(self, request_class, resource)
        elif request.operation not in UNSIGNED_ACTIONS:
            if request_class is S3IAMRequest:
                raise S3AccessDeniedError()
            raise AccessDeniedError(
                user_arn="anonymous", action=request.operation
            )

    mixin._authenticate_and_authorize_action = authorise

    # Headers that were hidden from moto were signed all the same.
    signed_of = IAMRequestBase._create_headers_for_aws_request

    def with_hidden(signed_headers, original_headers):
        headers = dict(original_headers)
        headers.update(aws_request.current().removed_headers)
        return signed_of(signed_headers, headers)

    IAMRequestBase._create_headers_for_aws_request = staticmethod(with_hidden)

    # moto signs the decoded query ("prefix=a/"); clients sign what they send.
    create_aws_request = IAMRequestBase._create_aws_request

    def as_sent(self):
        self._path = aws_request.current().environ["RAW_URI"]
        return create_aws_request(self)

    IAMRequestBase._create_aws_request = as_sent


def asking(answer):
    """A method of moto's Cost Explorer that asks ANSWER instead."""

    def method(self):
        lane = aws_request.current().lane
        time.sleep(float(lane.settings["ce_delay_seconds"]))
        try:
            document = answer(json.loads(self.body), lane.settings, lane.now())
        except cost_explorer.Refusal as refusal:
            return (
                400,
                {"status": 400},
                json.dumps(
                    {"__type": refusal.code, "message": refusal.message}
                ),
            )
        return json.dumps(document)

    return method


def simulate_principal_policy(self):
    iam = iam_backends[self.current_account]["aws"]
    kind, name = principal_of(self._get_param("PolicySourceArn"))
    policies = policies_of(iam, kind, name)
    boundary = access.boundary_of(iam, kind, name)
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        | decide(policies, boundary, action, resource)
        for action in self._get_param("ActionNames")
        for resource in self._get_param("ResourceArns") or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def decide(policies, boundary, action, resource):
    found = {access.says(policy, action, resource) for policy in policies}
    decision = next(
        (one for one in ("explicitDeny", "allowed") if one in found),
        "implicitDeny",
    )
    if boundary is None:
        return {"EvalDecision": decision}
    limit = access.says(boundary, action, resource)
    if limit == "explicitDeny" or decision == "allowed":
        decision = limit
    return {
        "EvalDecision": decision,
        "PermissionsBoundaryDecisionDetail": {
            "AllowedByPermissionsBoundary": limit == "allowed"
        },
    }


def principal_of(arn):
    kind, _, path = arn.split(":", 5)[5].partition("/")
    return kind, path.rpartition("/")[2]


def policies_of(iam, kind, name):
    """Every policy of a user (its groups' too) or of a role."""
    if kind == "role":
        policies = [
            iam.get_role_policy(name, policy)[1]
            for policy in iam.list_role_policies(name)
        ]
        return policies + list(iam.list_attached_role_policies(name)[0])
    policies = [
        iam.get_user_policy(name, policy)["policy_document"]
        for policy in iam.list_user_policies(name)
    ]
    policies += iam.list_attached_user_policies(name)[0]
    for group in iam.get_groups_for_user(name):
        policies += [
            iam.get_group_policy(group.name, policy)["policy_document"]
            for policy in iam.list_group_policies(group.name)
        ]
        policies += iam.list_attached_group_policies(group.name)[0]
    return policies
