package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch/sqlwatch"
)

// licenseWatch is the table of what the watch over the keys knows.
const licenseWatch = sqlwatch.DefaultPrefix + "watch"

// license is the licence key of a shop of Rakuten, and what reading its orders has shown of it.
type license struct {
	rakuten.License
	Contacts []mail.Address  // whom notices go to
	Verdict  rakuten.Verdict // why its orders cannot be read; "" for no such reason
	WorkedAt time.Time       // when its orders were last read; zero for never

	sealed string // as it is stored: another one whenever a key is entered
}

// licenses keeps the licence keys in the store, sealed like the grants, and a client for each
// shop. A client asks for the key at each attempt, so a renewed one is used at once.
type licenses struct {
	store         *store
	serviceSecret shotengai.Secret
	clients       *shotengai.Clients[rakuten.Client]
}

func newLicenses(s *store, serviceSecret shotengai.Secret, options []shotengai.Option) (*licenses, error) {
	l := &licenses{store: s, serviceSecret: serviceSecret}
	var err error
	l.clients, err = shotengai.NewClients(keptClients, func(_ context.Context, shop string) (*rakuten.Client, error) {
		return rakuten.NewClient(rakuten.LicenseFunc(func(ctx context.Context) (rakuten.License, error) {
			found, err := l.get(ctx, shop)
			return found.License, err
		}), options...)
	})
	return l, err
}

// errNoLicense is a shop whose key was removed, or never handed over.
var errNoLicense = fmt.Errorf("there is no licence key of the shop: %w", shotengai.ErrReauthorize)

// get returns the licence of a shop that is in force, or errNoLicense.
func (l *licenses) get(ctx context.Context, shop string) (license, error) {
	var (
		found                   license
		contacts                string
		issued, expires, worked int64
	)
	err := l.store.db.QueryRowContext(ctx, `SELECT sealed, issued_at, expires_at, contacts, verdict, worked_at FROM app_licenses WHERE shop = $1`, shop).
		Scan(&found.sealed, &issued, &expires, &contacts, &found.Verdict, &worked)
	if errors.Is(err, sql.ErrNoRows) {
		return license{}, errNoLicense
	}
	if err != nil {
		return license{}, err
	}
	sealed, err := base64.StdEncoding.DecodeString(found.sealed)
	if err != nil {
		return license{}, err
	}
	key, err := l.store.sealer.Open(licenseKey(shop), sealed)
	if err != nil {
		return license{}, err
	}
	if found.Contacts, err = parseContacts(contacts); err != nil {
		return license{}, err
	}
	found.WorkedAt = since1970(worked)
	found.License = rakuten.License{
		ServiceSecret: l.serviceSecret, Key: shotengai.Secret(key), IssuedAt: since1970(issued), ExpiresAt: since1970(expires), Shop: shop,
	}
	return found, nil
}

// licenseKey binds a stored licence key to its shop.
func licenseKey(shop string) oauth.Key {
	return oauth.Key{Platform: "rakuten", App: "licence-key", Shop: shop}
}

// put keeps a licence key in place of the one before.
func (l *licenses) put(ctx context.Context, key rakuten.License, contacts []mail.Address) error {
	sealed, err := l.store.sealer.Seal(licenseKey(key.Shop), []byte(key.Key.Reveal()))
	if err != nil {
		return err
	}
	return l.store.exec(ctx, `INSERT INTO app_licenses (shop, sealed, issued_at, expires_at, contacts) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (shop) DO UPDATE SET sealed = excluded.sealed, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
		contacts = excluded.contacts, verdict = '', worked_at = 0`,
		key.Shop, base64.StdEncoding.EncodeToString(sealed), unix(key.IssuedAt), unix(key.ExpiresAt), writeContacts(contacts))
}

// remove forgets a shop's key and what the watch knows of it.
func (l *licenses) remove(ctx context.Context, shop string) error {
	return l.store.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`DELETE FROM app_licenses WHERE shop = $1`, shop),
			exec(`DELETE FROM `+licenseWatch+` WHERE shop = $1`, shop),
		)
	})
}

// shops are the shops that have handed over a key.
func (l *licenses) shops(ctx context.Context) ([]string, error) {
	rows, err := l.store.db.QueryContext(ctx, `SELECT shop FROM app_licenses ORDER BY shop`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var shops []string
	for rows.Next() {
		var shop string
		if err := rows.Scan(&shop); err != nil {
			return nil, err
		}
		shops = append(shops, shop)
	}
	return shops, rows.Err()
}

func (l *licenses) contacts(ctx context.Context, shop string) ([]mail.Address, error) {
	found, err := l.get(ctx, shop)
	return found.Contacts, err
}

// judged notes what reading the orders has shown of a key, unless another one is in force by now,
// or another run has noted something since.
func (l *licenses) judged(ctx context.Context, found license, verdict rakuten.Verdict) error {
	const unchanged = ` WHERE shop = $1 AND sealed = $2 AND verdict = $3`
	if verdict == rakuten.VerdictWorks {
		return l.store.exec(ctx, `UPDATE app_licenses SET verdict = '', worked_at = $4`+unchanged,
			found.Shop, found.sealed, string(found.Verdict), time.Now().Unix())
	}
	return l.store.exec(ctx, `UPDATE app_licenses SET verdict = $4`+unchanged, found.Shop, found.sealed, string(found.Verdict), string(verdict))
}

// parseContacts reads mail addresses with commas between them; "" for none.
func parseContacts(text string) ([]mail.Address, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	list, err := mail.ParseAddressList(text)
	contacts := make([]mail.Address, len(list))
	for i, contact := range list {
		contacts[i] = *contact
	}
	return contacts, err
}

func writeContacts(contacts []mail.Address) string {
	texts := make([]string, len(contacts))
	for i, contact := range contacts {
		texts[i] = contact.String()
	}
	return strings.Join(texts, ", ")
}

// unix and since1970 keep an instant; 0 is the zero time.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func since1970(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// wake makes the next round of the watch check a key, whenever the last check was.
func (l *licenses) wake(ctx context.Context, shop string) error {
	record, err := l.store.watch.Load(ctx, shop)
	if err != nil || record.Version == 0 {
		return err
	}
	record.NextCheck = time.Time{}
	_, err = l.store.watch.Save(ctx, record) // false: a check is under way
	return err
}
