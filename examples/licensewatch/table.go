package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/shotengai/shotengai-go/rakuten"
)

// soon is how many days before its end a key should be renewed.
const soon = 14

// fresh is how old an answer of the platform may be to say that a key works.
const fresh = 25 * time.Hour

// print writes a line for each shop, the one that ends first at the top.
func (f fleet) print(ctx context.Context, out io.Writer, statuses []rakuten.LicenseStatus, now time.Time) error {
	clients := make(map[string]*rakuten.Client)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SHOP\tDAYS LEFT\tLAST DAY\tWHO ACTS\tSTATE")
	for _, s := range f.shops {
		clients[s.name] = s.client
		if s.client == nil {
			row{state: rakuten.LicenseAwaitingApproval}.act().write(w, s.name, rakuten.LicenseStatus{}, now)
		}
	}
	for _, status := range statuses {
		judge(ctx, clients[status.Shop], status, now).write(w, status.Shop, status, now)
	}
	return w.Flush()
}

// row is what is said of a shop's key.
type row struct {
	state rakuten.LicenseState
	who   rakuten.Actor
	what  string
}

// act says of a row what its state asks for.
func (r row) act() row {
	r.who, r.what = r.state.Act()
	return r
}

// judge finds out the state of a key. A platform that has lately told the date has shown
// that the key works; else it is diagnosed.
func judge(ctx context.Context, client *rakuten.Client, status rakuten.LicenseStatus, now time.Time) row {
	days, known := status.DaysLeft(now)
	switch {
	case known && days < 0:
		return row{state: rakuten.LicenseExpired}.act()
	case known && now.Sub(status.CheckedAt) < fresh:
		if days <= soon {
			return row{rakuten.LicenseInUse, rakuten.ShopActs, "issue a new licence key in RMS and hand it over before the last day"}
		}
		return row{rakuten.LicenseInUse, rakuten.NobodyActs, ""}
	}
	found := client.Diagnose(ctx)
	r := row{who: found.Who, what: advice[found.Verdict]}
	switch found.Verdict {
	case rakuten.VerdictExpired:
		return row{state: rakuten.LicenseExpired}.act()
	case rakuten.VerdictWorks:
		r.state = rakuten.LicenseInUse
	case rakuten.VerdictExpiryNotEnabled, rakuten.VerdictFunctionNotEnabled:
		r.state = rakuten.LicenseUpdateOffered
	default:
		r.state = rakuten.LicenseState(found.Verdict)
	}
	return r
}

// advice is what to do about what a diagnosis found.
var advice = map[rakuten.Verdict]string{
	rakuten.VerdictExpiryNotEnabled:   "enable the function that tells the key's end in RMS",
	rakuten.VerdictFunctionNotEnabled: "enable the missing functions in RMS",
	rakuten.VerdictSettling:           "wait: the key was issued a short time ago",
	rakuten.VerdictWrongPair:          "find the pair that fits, or ask the shop for its newest key",
	rakuten.VerdictRefused:            "check the pair, then ask the shop for a new key",
	rakuten.VerdictUnknown:            "run this again: the platform could not be asked",
}

// write prints the line of a shop.
func (r row) write(w io.Writer, shop string, status rakuten.LicenseStatus, now time.Time) {
	left, last := "?", "?"
	if days, known := status.DaysLeft(now); known {
		left, last = strconv.Itoa(days), rakuten.DateOf(status.ExpiresAt).String()
	}
	state := string(r.state)
	if r.what != "" {
		state += ": " + r.what
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", shop, left, last, r.who, state)
}
