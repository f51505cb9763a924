package main

import (
	"errors"
	"net"
	"sync"
)

// site is an address that stays taken while servers follow each other on it. One that is given
// up in between could go to another program.
type site struct {
	listener net.Listener
	arrivals chan arrival
	closed   chan struct{}
}

type arrival struct {
	conn net.Conn
	err  error
}

func newSite(listener net.Listener) *site {
	s := &site{listener, make(chan arrival), make(chan struct{})}
	go s.welcome()
	return s
}

// welcome hands each connection to the tenant. While there is none, it waits.
func (s *site) welcome() {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		select {
		case s.arrivals <- arrival{conn, err}:
		case <-s.closed:
			if err == nil {
				_ = conn.Close()
			}
			return
		}
	}
}

func (s *site) close() {
	close(s.closed)
	_ = s.listener.Close()
}

// let returns the listener of the next server, which leaves the address to the site.
func (s *site) let() net.Listener {
	left := make(chan struct{})
	return &tenant{s, left, sync.OnceFunc(func() { close(left) })}
}

type tenant struct {
	site  *site
	left  chan struct{}
	leave func()
}

// Accept waits for a connection.
func (t *tenant) Accept() (net.Conn, error) {
	select {
	case <-t.left:
		return nil, net.ErrClosed
	default:
	}
	select {
	case a := <-t.site.arrivals:
		return a.conn, a.err
	case <-t.left:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (t *tenant) Close() error {
	t.leave()
	return nil
}

// Addr is the address of the site.
func (t *tenant) Addr() net.Addr { return t.site.listener.Addr() }
