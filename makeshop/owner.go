package makeshop

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// Owner returns a function that asks the API whose token it is: what ConfirmMakeShop of
// package hooks calls. It asks with the token that came with an install, or, where none is
// given, with the one that kept returns.
//
// Kept returns the persistent token that the app keeps of a shop, and "" where it keeps none.
// An error that matches [shotengai.ErrReauthorize] counts as none; any other means that the
// token cannot be read now.
//
// The function returns the id of the shop. It returns "" where no token is kept, and for a
// token that the API refuses, by [shotengai.ErrUnauthorized] or, as after the end of a
// subscription, by [ErrScope] whatever is asked. An error means that it is not known whose
// token it is. A token without the scope of getShop is such a case: it works, so that no
// uninstall has ended it, and the app has to apply for the scope.
func Owner(config Config, kept func(ctx context.Context, shopID string) (shotengai.Secret, error), opts ...shotengai.Option) (func(ctx context.Context, shopID string, token shotengai.Secret) (string, error), error) {
	_, err := NewClient(config, oauth2.StaticTokenSource(nil), opts...)
	if kept == nil {
		err = errors.Join(errors.New("makeshop: Owner needs a function for the kept token"), err)
	}
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, shopID string, token shotengai.Secret) (string, error) {
		if token == "" {
			var err error
			token, err = kept(ctx, shopID)
			switch {
			case errors.Is(err, shotengai.ErrReauthorize), err == nil && token == "":
				return "", nil
			case err != nil:
				return "", fmt.Errorf("makeshop: the kept token of shop %q: %w", shopID, err)
			}
		}
		client, err := NewClient(config, PersistentToken(token), opts...)
		if err != nil {
			return "", err
		}
		return client.owner(ctx)
	}, nil
}

// owner returns the id of the shop whose token the client has, "" for a dead one.
func (c *Client) owner(ctx context.Context) (string, error) {
	shop, err := c.Shop.GetLean(ctx)
	closed := false
	if errors.Is(err, ErrScope) {
		ping := c.Verify(ctx) // needs no scope
		if ping == nil {
			return "", err
		}
		closed, err = errors.Is(ping, ErrScope), ping
	}
	switch {
	case closed, errors.Is(err, shotengai.ErrUnauthorized):
		return "", nil
	case errors.Is(err, errNoShop), err == nil && shop.ShopID == "":
		return "", ErrUnknownShop
	case err != nil:
		return "", err
	}
	return shop.ShopID, nil
}
