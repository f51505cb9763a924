// Package oauth obtains a shop's permission and keeps it. A first login, with the provider
// of a platform's package:
//
//	provider, err := colorme.OAuth(oauth.Client{ID: id, Secret: secret, RedirectURL: callback, Scopes: scopes})
//	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
//	handler, err := oauth.NewHandler(oauth.HandlerConfig{
//		Provider: provider,
//		Sealer:   sealer,
//		OnGrant: func(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
//			shop, err := whose(ctx, login.Grant) // asks the platform, such as Shop.Get of colorme
//			if err != nil {
//				return "", err
//			}
//			return "/welcome", manager.Put(ctx, shop, login.Grant)
//		},
//	})
//	mux.Handle("GET /login", handler.LoginHandler()) // send the shop's owner here
//	mux.Handle("GET /callback", handler.CallbackHandler())
//
// From then on the platform's client takes its tokens from the manager, which refreshes
// them:
//
//	client, err := colorme.NewClient(manager.TokenSource(shop))
//
// # Login
//
// A platform's package describes its endpoint as a [Provider]. [Provider.Begin] makes
// the address to send the shop's owner to, [Provider.Exchange] turns the redirect that
// comes back into a [Grant], [Provider.Refresh] and [Provider.Revoke] renew and end it.
// Each sends exactly one request and never repeats it: whether that is
// safe depends on what the platform has done with the first one, and the error says
// what is known of that.
//
// The error shows what a failed call means for the grant: [ErrInvalidGrant] (it has ended,
// unless somebody else has refreshed it), [ErrClientConfig] (the app is set up wrongly),
// [ErrNotSent] and [ErrTemporary] (nothing has happened: repeat later) and
// [shotengai.ErrOutcomeUnknown] (the platform may have acted). A [TokenError] holds the details.
//
// [Handler] is the login as two http.Handlers. The address that Color Me's install hook
// answers leads to [Handler.LoginHandler]; the registered redirect address to
// [Handler.CallbackHandler]. State, PKCE verifier and nonce travel in an encrypted cookie
// that only the browser of the login has, for 10 minutes and for one callback. An app
// whose makeshop or STORES grant is lost sends the owner through the same login again,
// with a hint that names the shop.
//
// # Keeping grants
//
// An access token of makeshop lives 5 minutes and one of STORES an hour, and with each
// refresh both platforms replace the refresh token. If two processes refresh the same grant,
// the platform receives a spent refresh token and may end the grant. A
// [Manager] keeps the grants of an app so that this does not happen, in one process or in
// many:
//
//	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
//	key, err := oauth.ParseSealKey("2026-04", os.Getenv("SEAL_KEY"))
//	sealer, err := oauth.NewSealer(key)
//	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
//
//	err = manager.Put(ctx, shop, grant)      // after a login
//	token, err := manager.Login(ctx, shop)   // or shotengai.ErrReauthorize: to the login
//	tokens := manager.TokenSource(shop)      // for the platform's client
//	n, err := manager.RefreshDue(ctx)        // from a timer, once an hour
//	err = manager.Forget(ctx, shop)          // when the shop has uninstalled the app
//	err = manager.Close(ctx)                 // before the process ends
//
// The error of a source that has no token is a [GrantError]. It shows what to do: wait and
// try again, set something right, or send the shop's owner to the login. What happens to
// grants in the background is reported to ManagerConfig.OnEvent; [Manager.Status] and
// [Manager.Grants] return what a page shows of it, and [Manager.Stats] counts it.
//
// # Which store
//
//   - PostgreSQL, by oauth/sqlstore: the choice for platforms that replace refresh tokens,
//     and for more than one machine. What is saved survives a crash of the database.
//   - MySQL and MariaDB, by oauth/sqlstore: as good, with InnoDB and
//     innodb_flush_log_at_trx_commit = 1.
//   - SQLite, by oauth/sqlstore: for one machine with a disk that stays.
//   - Redis, by oauth/redisstore: for grants that are worth a new login at most. Even with
//     an append-only file a crash may take back the last second, and a fail-over does.
//   - [MemoryStore]: for tests, and for Color Me's tokens, which never change, if the app
//     stores them elsewhere as well. [NewManager] refuses it for platforms that replace
//     refresh tokens, unless [AllowVolatile] says that a restart may lose every grant.
//
// All hold sealed bytes: AES-256-GCM, with the id of the key, bound to the platform, the
// app and the shop of the row. Whoever reads the database cannot act for a shop, and
// whoever writes it cannot move one shop's grant to another.
//
// # What is guaranteed
//
// A [TokenSource] that the app keeps hands out a valid token from memory: no lock, no
// allocation, no call of the store. What happens otherwise is this protocol:
//
//   - A token that is valid but near its end is handed out too, and renewed in the
//     background. One refresh of a grant goes on in a process at a time; callers wait for
//     it as long as their contexts allow, and it goes on without them.
//   - (a) The record is loaded. If somebody else has refreshed it, that is all.
//   - (b) A lease on this version of the record is taken, by the store's clock. While
//     another process has it, callers get the token that is still valid, or wait.
//   - (c) If the process was frozen since, or the machine slept, so that the lease could
//     run out before the answer, it begins again: no refresh token is ever sent under a
//     lost lease.
//   - (d) The refresh token is sent once. If the platform refuses it, it is sent once more
//     after [DefaultRecheck], with the lease held; if it is refused again the record is
//     marked, and all processes return [shotengai.ErrReauthorize]. If the platform turns the
//     request away (429, 503), all processes wait as long as it asks. If nothing was sent,
//     another process may try. If no answer came, the same token is sent once more, which
//     heals the loss where the platform allows it; where it does not, the error is
//     [ErrTokenInDoubt]. After a process that died on the way, the next one to get the
//     lease does the same, a little later (4 seconds with a lease of 30): one that lives, and
//     could not save because the store was away, does so first. An answer that came is never
//     followed by another request: its two tokens are taken, whatever else is wrong with it,
//     and if they cannot be used the grant is in doubt.
//   - (e) The new grant is used from memory at once and saved by compare-and-swap. A save
//     that fails is repeated until it works. A save that was overtaken by a new consent or
//     a deletion is dropped. After one that was overtaken by another process's refresh,
//     the grant is kept as a spare, in case the platform refuses the other one.
//   - A failure is shared by all who wait, and not repeated at once.
//
// With that, no number of processes, no deploy by SIGTERM and no outage of the store loses
// a grant. What remains is an answer that nobody saves: the network loses it, or the
// process is killed, or frozen for longer than the lease, between the request and the
// save. A platform that accepts a spent refresh token for a while heals that too. One that
// does not ends the grant: [EventInDoubt] reports it, and the owner has to log in
// again. [Manager.Close] keeps a deploy from being such a case. Nothing is written to the
// instance's own disk: that would be a second store with secrets, on a disk that often ends
// with the process.
//
// Other processes keep an access token in memory after [Manager.Forget] and
// [Manager.Put], until its window or until the platform refuses it, which the clients
// report by [TokenSource.Reject]. A refused token is renewed once. One of Color Me, which
// has no end and no refresh, is marked with [StatusRevoked] and still handed out: that
// shows what the platform answers now, and a new login or [Manager.Forget] ends the mark.
//
// # A graceful stop
//
// On SIGTERM stop taking requests, then close the manager, then the database:
//
//	<-signalled.Done() // by signal.NotifyContext
//	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second) // a new one: the other has ended
//	defer cancel()
//	err := errors.Join(server.Shutdown(ctx), manager.Close(ctx), db.Close())
//
// Close ends every refresh that has sent nothing yet, for whichever slot, lease or pause it
// waits, with [ErrClosed]: another process, or the next one, does it. It waits for what is on
// the wire and for the saves, and returns at once if there is nothing of that. A request is
// repeated only if its answer can be received and stored in the time that is left. So what
// takes long is a platform that answers slowly or a store that is down: leave it 30 seconds. The
// supervisor has to wait longer than all that before it kills:
// terminationGracePeriodSeconds: 60 in Kubernetes, TimeoutStopSec=60 for systemd,
// stop_grace_period: 60s for Compose. If Close returns [ErrUnsaved], the grants of the
// shops it names exist in this process only: alert whoever is on call before exiting.
//
// Leases are 30 seconds and refreshes may take 20: a lease has to outlast the slowest
// answer. [ManagerConfig] can shorten both, for platforms that are known to answer fast.
//
// Secrets print as a mask, and no error of this package holds one.
package oauth
