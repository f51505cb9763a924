// Command schemagen reads a saved copy of the platform's GraphQL reference, which is a
// static page of SpectaQL, and prints the schema that is in it. On the side it reports
// what the client does not cover yet.
//
//	go run . -client ../../testdata/client.graphql reference.html > schema.graphql
//
// The schema goes to the standard output and the report to the standard error. The page
// says nothing of directives, and only in descriptions of default values: the schema is
// for reading and for checking documents, not for a server.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(args []string, out, report io.Writer) error {
	flags := flag.NewFlagSet("schemagen", flag.ContinueOnError)
	flags.SetOutput(report)
	client := flags.String("client", "", "file with the client's documents; without it nothing is reported")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("give one saved page")
	}
	page, err := os.Open(flags.Arg(0))
	if err != nil {
		return err
	}
	defer func() { _ = page.Close() }() // it was only read
	schema, err := readPage(page)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, schema.SDL()); err != nil || *client == "" {
		return err
	}
	documents, err := os.ReadFile(*client)
	if err != nil {
		return err
	}
	covered, err := readClient(string(documents))
	if err != nil {
		return fmt.Errorf("%s: %w", *client, err)
	}
	_, err = io.WriteString(report, compare(schema, covered))
	return err
}
