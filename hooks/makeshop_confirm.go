package hooks

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
)

var (
	errTokenWorks   = errors.New("the shop's token still works")
	errTokenDead    = errors.New("the shop's token does not work")
	errTokenForeign = errors.New("the token is another shop's")
)

// ConfirmMakeShop makes a [MakeShopConfig.Confirm] of one question to the API: which shop
// does this token belong to? An event is true if that is the shop it names, and an
// uninstall if the token is dead by then. A false event that names a shop, or brings the
// token of another one, is refused.
//
// Owner is called with the token that came with an install, and with an empty one for
// other events, for which it takes the token that the app keeps of the shop. It returns
// the id of the shop that the API names for the token, "" if the API refuses the token
// or none is kept, and an error if that is not known now.
func ConfirmMakeShop(owner func(ctx context.Context, shopID string, token shotengai.Secret) (string, error)) func(context.Context, Kind, string, shotengai.Secret) error {
	return func(ctx context.Context, kind Kind, shopID string, token shotengai.Secret) error {
		id, err := owner(ctx, shopID, token)
		switch {
		case err != nil:
			return err
		case kind == MakeShopUninstallKind && id == "":
			return nil
		case kind == MakeShopUninstallKind:
			return errTokenWorks
		case id == "":
			return errTokenDead
		case id != shopID:
			return errTokenForeign
		}
		return nil
	}
}
