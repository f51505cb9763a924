package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Between two servers nobody else gets the address, and who comes then is served by the next.
func TestSiteKeepsItsAddress(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := newSite(listener)
	first := s.let()
	address := first.Addr().String()
	require.NoError(t, first.Close())
	require.NoError(t, first.Close())
	_, err = first.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.Error(t, err, "the address is free")

	early, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	second := s.let()
	assert.Equal(t, address, second.Addr().String())
	served, err := second.Accept()
	require.NoError(t, err)
	assert.Equal(t, early.LocalAddr().String(), served.RemoteAddr().String())
	require.NoError(t, served.Close())
	require.NoError(t, early.Close())

	require.NoError(t, second.Close())
	s.close()
	_, err = listener.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}
