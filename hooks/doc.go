// Package hooks receives the events that the platforms send: it verifies them over the
// bytes as they came, reads them strictly, runs an application's function once for
// each, and answers what the platform expects.
//
//	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
//		Secrets:     []shotengai.Secret{webhookSecret},
//		OnInstall:   func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) { … },
//		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error { … },
//		Ledger:      ledger,
//	})
//	mux, err := hooks.NewMux(map[string]http.Handler{
//		"/hooks/colorme/install":   receiver.InstallHandler(),
//		"/hooks/colorme/uninstall": receiver.UninstallHandler(),
//	})
//
// # Platforms
//
// [ColorMe] receives installs and uninstalls, [MakeShop] all documented events of
// makeshop, [Rakuten] the system events, and [Shopify] hooks of Shopify's form.
// STORES has no webhooks: poll with the client of package stores.
//
// The steps of a receiver are also functions, for an application that takes its events from
// elsewhere, such as a queue: Verify as in [VerifyColorMe] verifies, Parse as in
// [ParseColorMeInstall] reads without verifying, and Open as in [OpenColorMeInstall] does
// both and returns a [Verified] event.
//
// # What a receiver does
//
// It refuses what is not a POST of the platform's media type in plain encoding, within
// [Options].BodyLimit, BodyMemory and ReadTimeout, with exactly one signature that one of
// the secrets verifies. Then it reads the body: one document, no duplicate names, valid
// UTF-8, at most 64 levels, all required fields. Fields it does not know are kept in
// Raw. The answer to a refusal is a constant; the reason goes to [Options].Logger and
// Observe, and never holds a secret or a MAC.
//
// Then it claims the event in the [Ledger] and runs the function, with a context that
// carries a [Delivery], does not end when the sender hangs up, and ends a little before
// the claim does.
//
//	delivery                              answer
//	first                                 200, after the function
//	again, finished                       200, the same body as the first time
//	again, still running                  waits Options.Wait, then 503 with Retry-After
//	older than the shop's newest install  200, and the install stays
//	function failed or panicked           500, and the next delivery runs it again
//	ledger down, too many bodies at once  503 with Retry-After
//
// An event that is not finished is never answered with 200: the sender would not send
// it again.
//
// # Which ledger
//
// Without one a receiver uses a [VolatileLedger], which is empty after a restart. With
// more than one process, or functions that must not run twice, use package sqlledger
// on the database that the app has, or package redisledger. They remember events for
// [Retention]; the longest schedule of resends, Color Me's, takes 47.5 hours.
//
// A ledger makes an effect happen once, unless a process dies between the effect and
// its record: the next delivery then runs the function again, with Delivery.Attempt
// above 1. Where the effect is a change in the same database, the ledger's Once makes
// it exactly once; its id is Delivery.ID.
//
// Events of one shop run one at a time, over all processes of a ledger, and the ledger
// keeps the newest event of each shop for good. So it recognises an uninstall that arrives
// after the shop has installed the app again: by the contract on Color Me, which is new on
// every install, and by time where an event has none. It also keeps for good which installs
// of a shop have ended, by their contract or token: when the webhooks of one are delivered
// again, its install is refused with 409 and its uninstall is answered without the function.
//
// # Limits
//
// Color Me signs no time. A captured body can be sent again after the retention. The
// function gets the install in force again then, with an Attempt above 1: write functions
// as changes of state, so that the install of an installed shop changes nothing. The ledger
// cannot know what ended before it was in use, or without a webhook, until the next install.
// An install that failed is refused behind a newer one as long as the ledger remembers it.
// One that never reached the ledger cannot be told from a new one.
//
// net/http has no time limits of its own: see the guide for those that the http.Server
// needs.
//
// Rakuten's system events are proven by a key in the body alone. Shopify signs no headers:
// topic and shop are compared with the body where the body has them.
//
// # Sources
//
// What is marked Provisional rests on one source, and may turn out to be otherwise:
//
//	makeshop  that events carry a signature and a time   one note that cites the platform
//	makeshop  key, signed text, spelling and tolerance   none: assumed
//	Rakuten   the system events, with all their fields   one description of the service
//	Shopify   when an event is sent again                the published number and duration
//
// # Tests
//
// Package hookstest signs and delivers events as the platforms do, and package
// ledgertest checks that a ledger keeps what [Ledger] promises.
package hooks
