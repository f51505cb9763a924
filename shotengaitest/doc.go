// Package shotengaitest has what the fakes of all platforms share: what can go wrong with a
// call, and the requests that a fake has received. The fakes themselves are the packages
// colormetest, makeshoptest, storestest and rakutentest below their platforms.
package shotengaitest
