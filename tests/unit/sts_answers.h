#ifndef TESTS_STS_ANSWERS_H
#define TESTS_STS_ANSWERS_H

/* What STS says, as string literals for a script of answers. */
#define STS_KEYS(action, id, until, arn) \
	"<" action "Response xmlns=\"https://sts.amazonaws.com/doc/" \
	"2011-06-15/\"><" action "Result><Credentials><AccessKeyId>" id \
	"</AccessKeyId><SecretAccessKey>secret-of-" id "</SecretAccessKey>" \
	"<SessionToken>token-of-" id "</SessionToken><Expiration>" until \
	"</Expiration></Credentials><AssumedRoleUser><Arn>" arn \
	"</Arn></AssumedRoleUser></" action "Result><ResponseMetadata>" \
	"<RequestId>R</RequestId></ResponseMetadata></" action "Response>"

#define STS_ASSUMED_ARN "arn:aws:sts::210987654321:assumed-role/r/s"

/* From fake_begin's time on, an hour. */
#define STS_HOUR "2026-01-02T04:04:05Z"

#define STS_ROLE(id) \
	STS_KEYS("AssumeRole", id, STS_HOUR, STS_ASSUMED_ARN)
#define STS_WEB(id) \
	STS_KEYS("AssumeRoleWithWebIdentity", id, STS_HOUR, STS_ASSUMED_ARN)

#define STS_ERROR(code, text) \
	"<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code>" \
	"<Message>" text "</Message></Error><RequestId>R</RequestId>" \
	"</ErrorResponse>"

/* An answer with this status and body, at once. */
#define STS_ANSWER(status, body) \
	{ (status), "x-amzn-requestid: R\n", (body), HTTP_OK, false, 0 }

#endif
