package oauth_test

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy stands between a client and a server on a line that can be cut.
type proxy struct {
	target   string
	listener net.Listener

	mu    sync.Mutex
	cut   bool
	drop  bool
	conns map[net.Conn]struct{}
	done  sync.WaitGroup
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{target: target, listener: listener, conns: make(map[net.Conn]struct{})}
	p.done.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.sever(true)
		p.done.Wait()
	})
	return p
}

func (p *proxy) addr() string { return p.listener.Addr().String() }

// sever ends all connections, and refuses new ones as long as cut is true.
func (p *proxy) sever(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// dropReply lets the next request through and ends its connection in place of the
// reply.
func (p *proxy) dropReply() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop = true
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp4", p.target)
		if err != nil || !p.add(client, server) {
			_ = client.Close()
			if err == nil {
				_ = server.Close()
			}
			continue
		}
		p.done.Go(func() { p.requests(server, client) })
		p.done.Go(func() { p.replies(client, server) })
	}
}

func (p *proxy) add(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		if !p.cut {
			p.conns[conn] = struct{}{}
		}
	}
	return !p.cut
}

func (p *proxy) close(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		delete(p.conns, conn)
		_ = conn.Close()
	}
}

func (p *proxy) requests(to, from net.Conn) {
	defer p.close(to, from)
	_, _ = io.Copy(to, from)
}

func (p *proxy) replies(to, from net.Conn) {
	defer p.close(to, from)
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || p.dropped() {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) dropped() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	drop := p.drop
	p.drop = false
	return drop
}
