package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAlign(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, align(&out, [][]string{{"SHOP", "STATE", "WHAT"}, {"和傘 かさや", "利用中", ""}, {"tea", "承認待ち", "act"}, {"ｶﾞﾗｽ屋", "a", "が"}}))
	assert.Equal(t, ""+
		"SHOP         STATE     WHAT\n"+
		"和傘 かさや  利用中\n"+
		"tea          承認待ち  act\n"+
		"ｶﾞﾗｽ屋       a         が\n", out.String())
}

func TestWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "abc": 3, "楽天": 4, "ﾗｸﾃﾝ": 4, "（株）": 6, "か\u3099": 2, "𠮷野": 4, "é": 1, "🍵": 2,
	} {
		assert.Equal(t, want, width(text), text)
	}
}
