package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// outbox takes the mails that the app writes. A mail that Put fails for is written again.
type outbox interface {
	Put(mail licensewatch.Notice) error
}

// mailFolder is an outbox of one .eml file for each mail, which a mail server or a person sends.
// The sender is left to them.
type mailFolder string

// Put writes a file, whole or not at all.
func (folder mailFolder) Put(mail licensewatch.Notice) error {
	now := time.Now()
	text, err := mailText(mail, now)
	if err != nil {
		return err
	}
	path := filepath.Join(string(folder), now.In(shotengai.JST).Format("20060102-150405-")+rand.Text()[:8])
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return fmt.Errorf("the mail cannot be written: %w", err)
	}
	return os.Rename(path+".new", path+".eml")
}

// mailText is a mail in the form of RFC 5322.
func mailText(mail licensewatch.Notice, now time.Time) ([]byte, error) {
	var b bytes.Buffer
	if len(mail.To) > 0 {
		fmt.Fprintf(&b, "To: %s\r\n", strings.ReplaceAll(writeContacts(mail.To), ", ", ",\r\n "))
	}
	fmt.Fprintf(&b, "Date: %s\r\nSubject: %s\r\n", now.Format(time.RFC1123Z), strings.ReplaceAll(mime.QEncoding.Encode("utf-8", mail.Subject), "?= =?", "?=\r\n =?"))
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	body := quotedprintable.NewWriter(&b)
	if _, err := io.WriteString(body, mail.Body+"\n"); err != nil {
		return nil, err
	}
	err := body.Close()
	return b.Bytes(), err
}

// mailPrinter is an outbox for people to read.
type mailPrinter struct {
	mu  sync.Mutex
	out io.Writer
}

// Put prints a mail.
func (p *mailPrinter) Put(mail licensewatch.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	to := make([]string, len(mail.To))
	for i, contact := range mail.To {
		to[i] = contact.Name + " <" + contact.Address + ">"
	}
	_, err := fmt.Fprintf(p.out, "mail to %s\n%s\n\n%s\n\n", strings.Join(to, ", "), mail.Subject, mail.Body)
	return err
}
