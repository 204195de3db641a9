#ifndef TESTS_P256_KEYS_H
#define TESTS_P256_KEYS_H

/* The key of RFC 6979 A.2.5 in both PEM forms, its public point, and a key of
 * another curve. */
#define P256_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIMmvqdhFunUWa1whV2ex1pNOUMPbNuibEnuKYisSD2choAoGCCqGSM49\n" \
	"AwEHoUQDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8\n" \
	"maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n" \
	"-----END EC PRIVATE KEY-----\n"

#define P256_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgya+p2EW6dRZrXCFX\n" \
	"Z7HWk05Qw9s26JsSe4piKxIPZyGhRANCAARg/tS6JVqdMclh63TGNW1owEm4kjth\n" \
	"+mzmaWIuYPKftnkD/hAIuLyZpBrp6VYovGTy8bIMLX6fUXejwpTURiKZ\n" \
	"-----END PRIVATE KEY-----\n"

#define P256_X \
	"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define P256_Y \
	"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"

#define P384_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MIGkAgEBBDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" \
	"AAAAAAAAMDmgBwYFK4EEACKhZANiAAToa5leNQ5NMSqVprfV2M3NtGgvWIgAoc1s\n" \
	"ly4dyypaw42QBGlRsDzLOxeaif2oixtIW58sH0Sw3UHObjw6aQu/qr7B4f9K77JG\n" \
	"H92mYpvsvUPPdME9jBoWJWEiQ/AEYUg=\n" \
	"-----END EC PRIVATE KEY-----\n"

#endif
