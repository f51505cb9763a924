package main

import (
	"cmp"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/shotengai/shotengai-go"
)

// chooseLanguage takes the language of --lang, or of the environment, for all texts. It is needed
// before the flags are parsed, as their help is in it.
func (p *program) chooseLanguage() error {
	p.language = shotengai.Language(cmp.Or(p.env("LC_ALL"), p.env("LC_MESSAGES"), p.env("LANG")))
	for i, arg := range p.args {
		value, found := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(p.args) {
			value, found = p.args[i+1], true
		}
		if !found {
			continue
		}
		if value != "ja" && value != "en" {
			return p.usagef("--lang には ja または en を指定してください", "--lang has to be ja or en")
		}
		p.language = shotengai.Language(value)
	}
	return nil
}

// text returns the text that is in the language of the program.
func (p *program) text(japanese, english string) string { return p.language.Pick(japanese, english) }

// translate puts what cobra says by itself into the language of the program.
func (p *program) translate(root *cobra.Command) {
	root.SetUsageTemplate(p.usageTemplate())
	root.SetHelpTemplate("{{with or .Long .Short}}{{. | trimTrailingWhitespaces}}\n\n{{end}}{{.UsageString}}")
	root.SetFlagErrorFunc(p.flagError)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	hideDefaults(root)
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Short = p.text("コマンドの使い方を表示する", "show how a command is used")
			cmd.Long = ""
		case "completion":
			p.translateCompletion(cmd)
		}
	}
}

// hideDefaults keeps pflag from adding its English "(default …)": the texts of the flags say what
// holds if they are not given.
func hideDefaults(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	hide := func(f *pflag.Flag) {
		f.DefValue = map[string]string{"bool": "false", "int": "0", "int64": "0"}[f.Value.Type()]
	}
	cmd.PersistentFlags().VisitAll(hide)
	cmd.Flags().VisitAll(hide)
	for _, below := range cmd.Commands() {
		hideDefaults(below)
	}
}

func (p *program) translateCompletion(cmd *cobra.Command) {
	cmd.Short = p.text("シェルの補完スクリプトを出力する", "print the completion script of a shell")
	cmd.Long = ""
	cmd.Args, cmd.RunE = p.noCommand, p.commandMissing
	for _, shell := range cmd.Commands() {
		cmd := shell.Name()
		shell.Short = p.text(cmd+" の補完スクリプトを出力する", "print the completion script of "+cmd)
		shell.Long = shell.Short + "\n\n  " + map[string]string{
			"bash":       "source <(shotengai completion bash)",
			"zsh":        "source <(shotengai completion zsh)",
			"fish":       "shotengai completion fish | source",
			"powershell": "shotengai completion powershell | Out-String | Invoke-Expression",
		}[cmd]
		if flag := shell.Flags().Lookup("no-descriptions"); flag != nil {
			flag.Usage = p.text("補完の説明を省く", "leave descriptions out")
		}
	}
}

// flagError is a flag that pflag refuses, as a usageError.
func (p *program) flagError(cmd *cobra.Command, err error) error {
	see := p.text("（"+cmd.CommandPath()+" -h を参照してください）", ": see "+cmd.CommandPath()+" -h")
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return p.usagef("%s というフラグはありません%s", "%s is no flag%s", dashed(unknown.GetSpecifiedName()), see)
	}
	if bare, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return p.usagef("フラグ %s には値が必要です%s", "the flag %s needs a value%s", dashed(bare.GetSpecifiedName()), see)
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return p.usagef("フラグ --%s に %q は指定できません%s", "the flag --%s does not take %q%s", invalid.GetFlag().Name, invalid.GetValue(), see)
	}
	return p.usagef("%v%s", "%v%s", err, see)
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// usageTemplate is cobra's, shorter and in the language of the program.
func (p *program) usageTemplate() string {
	return p.text("使い方", "Usage") + `:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} ` + p.text("コマンド", "COMMAND") + `{{else}}{{.UseLine}}{{if .HasAvailableFlags}} [` + p.text("フラグ", "FLAGS") + `]{{end}}{{end}}
{{- if .HasAvailableSubCommands}}

` + p.text("コマンド", "Commands") + `:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
{{- if .HasExample}}

` + p.text("例", "Examples") + `:
{{.Example}}{{end}}
{{- if .HasAvailableLocalFlags}}

` + p.text("フラグ", "Flags") + `:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- if .HasAvailableInheritedFlags}}

` + p.text("共通のフラグ", "Flags of all commands") + `:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`
}
