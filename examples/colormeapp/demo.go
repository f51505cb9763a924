package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/oauth"
)

// demo serves the app to a fake of the platform.
func demo(ctx context.Context, listener net.Listener, in io.Reader, out io.Writer) error {
	folder, err := os.MkdirTemp("", "colormeapp-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	platform := colormetest.NewServer()
	defer platform.Close()
	config, err := demoConfig(platform, listener, folder)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() {
		defer stop()
		served <- serve(ctx, listener, config)
	}()
	err = play(ctx, platform, in, out)
	stop()
	return errors.Join(err, <-served)
}

// demoConfig registers the app with the fake.
func demoConfig(platform *colormetest.Server, listener net.Listener, folder string) (config, error) {
	url, app := "http://"+listener.Addr().String(), platform.App()
	app.InstallURL, app.UninstallURL = url+"/hooks/install", url+"/hooks/uninstall"
	platform.SetApp(app)
	provider, err := platform.Provider(url + "/callback")
	return config{
		URL: url, Provider: provider, WebhookSecret: app.WebhookSecret, Options: platform.Options(), Database: filepath.Join(folder, "demo.db"),
		SealKey: oauth.SealKey{ID: "demo", Key: shotengai.Secret(rand.Text() + rand.Text())[:32]},
	}, err
}

// play is the shop: its owner installs the app, and uninstalls or installs it again with each
// line of in. Every few seconds it sells something.
func play(ctx context.Context, platform *colormetest.Server, in io.Reader, out io.Writer) error {
	enter := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			enter <- struct{}{}
		}
	}()
	sells := time.NewTicker(5 * time.Second)
	defer sells.Stop()
	shop := platform.Shop()
	for installed := false; ; installed = !installed {
		if installed {
			if _, err := platform.Uninstall(ctx, shop, colormetest.ByShopOwner); err != nil {
				return err
			}
			fmt.Fprintln(out, text("Uninstalled. Enter installs it again.", "アンインストールしました。Enter で再びインストールします。"))
		} else {
			installation, err := platform.Install(ctx, shop, colormetest.PlanMonthly)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, text("Installed. Open %s in a browser; Enter uninstalls, Ctrl-C ends.\n",
				"インストールしました。ブラウザーで %s を開いてください。Enter でアンインストール、Ctrl-C で終了します。\n"), installation.RedirectURL)
		}
		for waiting := true; waiting; {
			select {
			case <-enter:
				waiting = false
			case <-sells.C:
				shop.AddSale(map[string]any{"make_date": platform.Now().Unix()})
			case <-ctx.Done():
				return nil
			}
		}
	}
}
