package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go/hooks"
)

const secret = "9b2c1a7e5f0d4c3b8a6e1f2d3c4b5a69"

var errNotVerified = errors.New("the signature is not verified")

// webhooks compares the verification of a webhook with the least that it can be, the SHA-256 of
// its body.
func webhooks(m *meter) (rows []row) {
	for _, size := range []int{1, 64} {
		ours, peers := verifications(size << 10)
		rows = append(
			rows,
			row{
				what: [2]string{fmt.Sprintf("webhook of %d KB, time of SHA-256", size), fmt.Sprintf("%d KB の Webhook、SHA-256 に対する時間", size)},
				ours: m.times(ours), peers: m.times(peers),
			},
			row{
				what: [2]string{fmt.Sprintf("webhook of %d KB, allocations", size), fmt.Sprintf("%d KB の Webhook、アロケーション", size)}, unit: allocs, goal: 2,
				ours: allocationsOf(ours), peers: allocationsOf(peers),
			},
		)
	}
	return rows
}

func verifications(size int) (ours, peers []pair) {
	body := bytes.Repeat([]byte("x"), size)
	sum := func() error { sha256.Sum256(body); return nil }
	signature := base64.StdEncoding.EncodeToString(mac(body))
	ours = []pair{{"", sum, func() error { return hooks.VerifyShopify(body, signature, secret) }}}
	return ours, peerWebhooks(body, signature, sum)
}

func mac(parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

func verified(ok bool) error {
	if !ok {
		return errNotVerified
	}
	return nil
}
