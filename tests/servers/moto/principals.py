"""Users and sessions with keys that the test chooses."""

import json
import threading

from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, sts_backends

ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
_lock = threading.Lock()


def create(
    name,
    access_key,
    secret_key,
    account="123456789012",
    policy=None,
    session_token=None,
    boundary=None,
):
    """A user, or with a session token a role's session, with one policy; a
    user perhaps with a permissions boundary, too.

    The keys are not checked for uniqueness: a key that exists already moves
    to this principal. Returns its ARN.
    """
    iam = iam_backends[account]["aws"]
    policy_text = json.dumps(policy or ALLOW_ALL)
    with _lock:
        forget_key(access_key)
        if session_token is None:
            arn = create_user(iam, name, access_key, secret_key, policy_text)
            if boundary:
                set_boundary(iam, name, json.dumps(boundary))
            return arn
        return create_session(
            iam, name, access_key, secret_key, session_token, policy_text
        )


def create_user(iam, name, access_key, secret_key, policy_text):
    if name not in iam.users:
        iam.create_user("us-east-1", name)
    iam.put_user_policy(name, "test", policy_text)
    key = iam.create_access_key(name)
    rename_key(iam, key, access_key, secret_key)
    return iam.get_user(name).arn


def set_boundary(iam, name, policy_text):
    """moto has boundaries of roles only."""
    arn = iam.create_policy("", "/", policy_text, f"{name}-limit", []).arn
    user = iam.get_user(name)
    user.permissions_boundary_arn = arn
    user.permissions_boundary = {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
        "PermissionsBoundaryArn": arn,
    }


def create_session(
    iam, name, access_key, secret_key, session_token, policy_text
):
    account = iam.account_id
    if name not in [role.name for role in iam.get_roles()]:
        iam.create_role(
            role_name=name,
            assume_role_policy_document=json.dumps(ALLOW_ALL),
            path="/",
            permissions_boundary=None,
            description="",
            tags=[],
            max_session_duration="3600",
        )
    iam.put_role_policy(name, "test", policy_text)
    key = iam.create_temp_access_key()
    rename_key(iam, key, access_key, secret_key)
    session = AssumedRole(
        account_id=account,
        region_name="us-east-1",
        access_key=key,
        role_session_name="test",
        role_arn=f"arn:aws:iam::{account}:role/{name}",
        policy="",
        duration=3600,
        external_id="",
    )
    session.session_token = session_token
    sts_backends[account]["aws"].assumed_roles.append(session)
    return session.arn


def rename_key(iam, key, access_key, secret_key):
    iam.access_keys.pop(key.access_key_id, None)
    key.access_key_id = access_key
    key.secret_access_key = secret_key
    iam.access_keys[access_key] = key


def forget_key(access_key):
    for account in list(iam_backends.values()):
        iam = account["aws"]
        if iam.access_keys.pop(access_key, None) is None:
            continue
        for user in iam.users.values():
            user.access_keys = [
                key
                for key in user.access_keys
                if key.access_key_id != access_key
            ]
