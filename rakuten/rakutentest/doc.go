// Package rakutentest is an in-process fake of the merchant API of Rakuten Ichiba, RMS
// WEB SERVICE, for tests of your own app. The platform has no sandbox; this is one.
//
//	srv := rakutentest.NewServer()
//	defer srv.Close()
//	client, err := srv.Client()
//
// A test against it catches the bug that would have stopped a merchant's orders at night:
// move the clock to the end of the licence key and see what the app does. The example does
// just that.
//
// # What it does
//
// All operations of all families answer, in JSON and in XML, with state: later reads see
// earlier writes. The fake refuses what the platform refuses and repeats its quirks: errors
// inside 200, results by row, 401 in JSON for XML families, amounts of -9999, three kinds of
// 401 that look alike. A server begins with one shop, with orders, items, stock, categories,
// settings, inquiries and reservations in it.
//
//   - Shops: Server.AddShop adds further ones at the same address; the licence decides which
//     one answers. Shop.AddOrder, Shop.AddInquiry, Shop.SetStock and the like set the scene.
//   - Orders: Shop.ConfirmOrder, Process, ShipOrder, BillOrder, PayOrder, SplitOrder,
//     EditOrder, RequestCancel and CancelOrder do what Rakuten, the buyer or a person in RMS
//     does to an order.
//   - Licences: keys end after 90 days by the platform's clock, which WithClock sets and
//     Server.Advance moves. Server.RenewKey issues the next one, with what the platform
//     does to the old one. Shop.Disable switches functions off.
//   - Limits: calls that come too fast are refused, with or without Retry-After, unless
//     WithoutRateLimits says otherwise.
//   - Faults: Server.Fail answers in the platform's place, loses answers, resets, delays.
//   - Events: Server.NotifyOrders and Server.Notify post system events to your app.
//   - Time: InMemory runs it inside a testing/synctest bubble, where waits pass at once.
//
// # What it does not
//
// The official documents are open to merchants only, and where the platform's behaviour is
// not known, the comments in this package say what the fake does instead: codes of errors
// beyond the known ones are its own, for instance. Beside that:
//
//   - Orders and stock do not know of each other: an order takes nothing away, and a
//     cancellation returns nothing. An order moves on when a call or a test moves it and not
//     by itself.
//   - Searches take every condition, but some select nothing away: those of orders on mails,
//     sites and overseas; of items on periods, points, postage and back orders; of coupons and
//     thanks coupons on dates and items; of reservations on devices and settlements.
//   - Genres and products are a handful, and the cabinet never runs out of space. Pictures are
//     measured and not kept.
//   - Layouts of shop pages come without the contents of their parts, and items that are
//     searched without their settings of stock: how the platform returns them is not known.
//   - Paths that the platform has retired, and the function that cancels a whole reservation,
//     are not there.
//
// It needs no testing package, so example programs run on it too.
package rakutentest
