# shellcheck shell=bash
# The administrator that exists on every test server, so that one pair of keys
# serves S3 on one server and Cost Explorer on another. To be sourced.
# shellcheck disable=SC2034 # used by those who source it
TEST_ACCOUNT=123456789012
TEST_ACCESS_KEY=AKIATESTTEAMCACHE001
TEST_SECRET_KEY=only/for+tests/only/for+tests/only/tests
TEST_REGION=us-east-1
# Ceph's second account has an administrator of its own.
TEST_OTHER_ACCESS_KEY=AKIATESTTEAMCACHE002
TEST_OTHER_SECRET_KEY=other/account+tests/only/for+tests/only1
