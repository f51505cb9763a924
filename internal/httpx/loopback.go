package httpx

import "net/netip"

// Loopback reports whether a host is this machine, by name or by address.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
