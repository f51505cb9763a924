// Command shotengai is one command for those who build apps of Color Me Shop, makeshop, STORES
// and Rakuten Ichiba, in any language:
//
//	shotengai serve              fakes of the four platforms on this machine, with a control API
//	shotengai hook send|verify   a signed webhook to an app; the signature of a received one
//	shotengai price, window      what makeshop and Color Me charge, and when
//	shotengai diagnose           why a token or a licence key does not work
//	shotengai orders, watch      orders as CSV or JSON Lines, days left of licence keys
//	shotengai call               any operation, with the library's pacing and errors
//	shotengai completion         completion for bash, zsh, fish and PowerShell
//
// Each command explains itself with -h, in Japanese or English. Secrets come from the
// environment or from files. The exit code is 0 for success, 1 for a failure and 2 for a
// command line that cannot be used.
package main
