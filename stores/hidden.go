package stores

import (
	"fmt"
	"io"
	"log/slog"
)

const hiddenClient = "[stores.Client]"

// Format writes no part of the client, whatever the verb: it holds what authorises it.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenClient) }

// LogValue returns no part of the client.
func (c *Client) LogValue() slog.Value { return slog.StringValue(hiddenClient) }
