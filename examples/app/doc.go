// App is the app to start from: it links shops of Color Me Shop, makeshop and STORES,
// keeps their grants, receives the hooks, watches licence keys of Rakuten Ichiba, and
// shows each owner a page with the shop's orders.
//
//	go run ./examples/app -demo
//
// needs no account: it runs against the library's fakes and prints the address to open.
// For real platforms the settings come from the environment, see [settings]. A platform
// is in use when its first variable is set.
//
// What the app keeps of a shop are its grant, its contract and the number, time, state
// and total of its orders. After an uninstall they stay for 30 days: when the shop comes
// back, its owner decides whether they are used again. "Unlink" erases the shop's data at
// once, and so does the operator's page, for requests that come by another way. The facts
// of an install stay as long as the install does, see [stage]: its contract goes on, and
// its events have to be recognised. A page says so before anything is erased. What remains
// in the end is the id of the shop in the marks that keep old hooks from taking effect.
//
// The licence keys of Rakuten are entered at /admin/licenses and used from the next call
// on. Pages and mails say when one ends or is refused, and what to do.
package main
