// Package rakutentest is an in-process fake of the merchant API of Rakuten Ichiba, RMS
// WEB SERVICE: orders, licence keys, stock and more, for any number of shops.
//
//	srv := rakutentest.NewServer()
//	defer srv.Close()
//	client, err := srv.Client()
//
// All shops live at one address and the licence decides which one answers. Later reads
// see earlier writes. The fake refuses what the platform refuses and repeats its quirks:
// errors inside 200, results by row, 401 in JSON for XML families, keys that end after 90
// days, three kinds of 401 that look alike.
//
// Where the platform's behaviour is not known, the comments in this package say what the
// fake does instead. It needs no testing package, so example programs run on it too.
package rakutentest
