// Package shotengaitest has what the fakes of all platforms share: what can go wrong with a
// call, the requests that a fake has received, and a clock that can be moved. The fakes
// themselves are the packages colormetest, makeshoptest, storestest and rakutentest below
// their platforms.
package shotengaitest
