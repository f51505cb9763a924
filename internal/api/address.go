package api

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// publicName refuses the hosts that cannot be public by their spelling alone: addresses
// in special ranges, also in the octal and decimal forms that some resolvers read, and
// names without a dot. What the others stand for is seen when dialling.
func publicName(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return publicIP(ip)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 {
		return false
	}
	switch last := host[dot+1:]; last {
	case "", "localhost", "local", "internal":
		return false
	default:
		return last[0] < '0' || last[0] > '9' // no top-level domain begins with a digit
	}
}

// publicAddress refuses to dial what is not on the public internet: the last word on
// an address that came from configuration or from an answer.
func publicAddress(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return err
	}
	if !publicIP(ip) {
		return fmt.Errorf("%s is not a public address", ip.Unmap())
	}
	return nil
}

func publicIP(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, special := range specialRanges {
		if special.Contains(ip) {
			return false
		}
	}
	return true
}

// specialRanges are what netip takes for global unicast although no public server lives
// there, and those IPv6 ranges that stand for IPv4 addresses, private ones included.
var specialRanges = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}
