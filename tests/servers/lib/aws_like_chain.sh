#!/bin/sh
# aws_like_chain.sh DIR ANCHORS: make a chain of certificates like that of
# AWS's servers, and anchors.h with its root beside those of the file ANCHORS.
#
# The server sends its certificate (names *.s3.REGION.amazonaws.com and so on),
# an intermediate with a path length of 0, and the root as an older authority
# signed it, which nobody here believes: DIR/chain.pem, with the key.
# DIR/root.crt is the root itself. DIR/other.pem: the same names by an
# authority that looks the same and is not.
set -eu

dir=${1:?usage: aws_like_chain.sh DIR ANCHORS}
anchors=${2:?usage: aws_like_chain.sh DIR ANCHORS}

names="DNS:localhost,DNS:s3.amazonaws.com,DNS:*.s3.amazonaws.com,DNS:*.s3-accelerate.amazonaws.com"
for region in us-east-1 eu-west-1 us-west-2; do
	names="$names,DNS:s3.$region.amazonaws.com,DNS:*.s3.$region.amazonaws.com"
done
authority=basicConstraints=critical,CA:TRUE

# key NAME
key()
{
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$dir/$1.key" 2>/dev/null
}

# root NAME SUBJECT: signed by itself.
root()
{
	key "$1"
	openssl req -x509 -new -key "$dir/$1.key" -days 3650 -subj "$2" -addext keyUsage=critical,keyCertSign,cRLSign -out "$dir/$1.crt"
}

# sign NAME SUBJECT BY EXTENSION...
sign()
{
	name=$1
	subject=$2
	by=$3
	shift 3
	printf '%s\n' "$@" >"$dir/extensions"
	openssl req -new -key "$dir/${name%-cross}.key" -subj "$subject" -out "$dir/request"
	openssl x509 -req -in "$dir/request" -CA "$dir/$by.crt" -CAkey "$dir/$by.key" -CAcreateserial -days 3650 -sha256 \
		-extfile "$dir/extensions" -out "$dir/$name.crt" 2>/dev/null
}

# chain ROOT OUT: leaf and intermediate below that root; a leaf of its own.
chain()
{
	key middle
	key leaf
	sign middle "/C=US/O=Test/CN=Test RSA 2048 M01" "$1" "$authority,pathlen:0" keyUsage=critical,digitalSignature,keyCertSign,cRLSign
	sign leaf "/CN=*.s3.eu-west-1.amazonaws.com" middle basicConstraints=critical,CA:FALSE "subjectAltName=$names" \
		extendedKeyUsage=serverAuth,clientAuth keyUsage=critical,digitalSignature,keyEncipherment
	cat "$dir/leaf.crt" "$dir/middle.crt" "$2" "$dir/leaf.key" >"$dir/$3"
}

rm -rf "$dir"
mkdir -p "$dir"
root old "/C=US/O=Test/CN=Test Services Root - G2"
root root "/C=US/O=Test/CN=Test Root CA 1"
sign root-cross "/C=US/O=Test/CN=Test Root CA 1" old "$authority" keyUsage=critical,keyCertSign,cRLSign
chain root "$dir/root-cross.crt" chain.pem
root fake "/C=US/O=Test/CN=Test Root CA 1"
chain fake "$dir/fake.crt" other.pem
# The text ends with an empty string, which is where the root goes.
{
	sed '/^\t"";$/d' "$anchors"
	sed 's/.*/\t"&\\n"/' "$dir/root.crt"
	printf '\t"";\n'
} >"$dir/anchors.h"
