package api

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// H18: a server that cannot prove who it is gets nothing, and no option changes that.
func TestH18TLS(t *testing.T) {
	t.Parallel()
	good := certificate{names: []string{"localhost"}, ends: time.Hour}
	for name, tc := range map[string]struct {
		certificate certificate
		version     uint16
		trusted     bool
		want        string
	}{
		"expired":     {certificate{names: good.names, ends: -time.Hour}, 0, true, "expired"},
		"wrong host":  {certificate{names: []string{"other.test"}, ends: time.Hour}, 0, true, "not localhost"},
		"unknown CA":  {good, 0, false, "unknown authority"},
		"TLS 1.1":     {good, tls.VersionTLS11, true, "protocol version"},
		"as it ought": {good, 0, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert := tc.certificate.make(t)
			srv := httptest.NewUnstartedServer(answer(200, "application/json", `{}`))
			srv.Config.ErrorLog = log.New(io.Discard, "", 0)
			srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: tc.version}
			srv.StartTLS()
			t.Cleanup(srv.Close)
			transport := newTransport(nil)
			t.Cleanup(transport.CloseIdleConnections)
			if tc.trusted {
				transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
				transport.TLSClientConfig.RootCAs.AddCert(cert.Leaf)
			}
			_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
			require.NoError(t, err)
			e, err := New(shopPlatform(), Bearer(static("token")), shotengai.WithTestServer("https://localhost:"+port), impatient,
				shotengai.WithHTTPClient(&http.Client{Transport: transport}))
			require.NoError(t, err)
			err = e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			require.ErrorContains(t, err, tc.want)
			assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown, "nothing was sent")
		})
	}
}

// H18: our own transport checks certificates.
func TestH18OwnTransport(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(answer(200, "application/json", `{}`))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, nil)
	require.ErrorContains(t, err, "unknown authority")
	assert.Nil(t, newTransport(nil).TLSClientConfig, "there is nothing in it to switch off")
}

type certificate struct {
	names []string
	ends  time.Duration
}

func (c certificate) make(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: c.names,
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(c.ends),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
