// Package oauth tests the stores of grants against the databases they are written for,
// and the manager against processes that are killed, frozen and cut off.
package oauth
