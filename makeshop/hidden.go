package makeshop

import (
	"fmt"
	"io"
	"log/slog"
)

const hiddenSSO = "[makeshop.SSO]"

// Format writes no part of the configuration, which has the API key, whatever the verb.
func (SSO) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenSSO) }

// LogValue returns no part of the configuration.
func (SSO) LogValue() slog.Value { return slog.StringValue(hiddenSSO) }

const hiddenClient = "[makeshop.Client]"

// Format writes no part of the client, whatever the verb: it holds what authorises it.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenClient) }

// LogValue returns no part of the client.
func (c *Client) LogValue() slog.Value { return slog.StringValue(hiddenClient) }
