//go:build unix

package main

import (
	"bufio"
	"debug/elf"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
)

const repository = "../.."

// missing skips a test for what is not on this machine, and fails it in CI.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// shell returns a command of bash that ends with the test, with all that it started.
func shell(t *testing.T, dir, script string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		missing(t, "bash is not installed")
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-ec", script)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	return cmd
}

// lines returns the lines of a page that begin with a text.
func lines(t *testing.T, page, begin string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, page))
	require.NoError(t, err)
	var found []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, begin) {
			found = append(found, line)
		}
	}
	return found
}

// A new user starts the fakes and sends a signed install hook to a server of their own, with
// the two commands of the README as they stand there.
func TestReadme(t *testing.T) {
	t.Parallel()
	commands := lines(t, "README.md", "go run ./examples/shotengai ")
	require.Len(t, commands, 2)
	comment := regexp.MustCompile(` # .*`)
	twins := lines(t, "README.ja.md", "go run ./examples/shotengai ")
	require.Len(t, twins, 2)
	for i := range twins {
		assert.Equal(t, comment.ReplaceAllString(commands[i], ""), comment.ReplaceAllString(twins[i], ""))
	}
	installed := make(chan error, 1)
	handler := http.NewServeMux()
	handler.HandleFunc("POST /hooks/colorme/install", func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		installed <- hooks.VerifyColorMe(body, r.Header.Get(hooks.ColorMeSignatureHeader), "shotengai-webhook-secret")
		_, _ = w.Write([]byte(`{"redirect_url":"http://127.0.0.1:3000/login"}`))
	})
	for _, port := range []string{"8800", "8801", "8802", "8803", "8804"} {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:"+port)
		if err != nil {
			missing(t, "the port "+port+" is taken")
		}
		require.NoError(t, listener.Close())
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:3000")
	if err != nil {
		missing(t, "the port 3000 is taken")
	}
	app := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	app.Start()
	defer app.Close()

	serve := shell(t, repository, commands[0])
	serve.Env = append(os.Environ(), "LC_ALL=C")
	output, err := serve.StdoutPipe()
	require.NoError(t, err)
	serve.Stderr = t.Output()
	require.NoError(t, serve.Start())
	defer func() {
		assert.NoError(t, syscall.Kill(-serve.Process.Pid, syscall.SIGTERM))
		_ = serve.Wait()
	}()
	said := bufio.NewScanner(output)
	for said.Scan() && !strings.HasPrefix(said.Text(), "Ctrl-C") {
		assert.Contains(t, said.Text(), "http://127.0.0.1:880")
	}
	out, err := shell(t, repository, commands[1]).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "200 ")
	require.NoError(t, <-installed)
}

// The lines of the guide work, at another address.
func TestGuide(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		missing(t, "curl is not installed")
	}
	comment := regexp.MustCompile(`\s+# .*$`)
	var english []string
	for _, page := range []string{"docs/en/testing.md", "docs/ja/testing.md"} {
		found := lines(t, page, "curl ")
		require.Greater(t, len(found), 8, page)
		for i := range found {
			found[i] = comment.ReplaceAllString(found[i], "")
		}
		if english == nil {
			english = found
		}
		assert.Equal(t, english, found, "the twins have the same lines")
	}
	s := startServe(t)
	in := newInbox(t, `{"redirect_url":"http://127.0.0.1:3000/login"}`)
	here := strings.NewReplacer("http://127.0.0.1:8800", s.Control, "http://127.0.0.1:3000", in.URL)
	for _, line := range english {
		out, err := shell(t, repository, here.Replace(line)).Output()
		require.NoError(t, err, line)
		assert.NotEmpty(t, out, line)
	}
	_, body := in.received()
	assert.Contains(t, string(body), "account_id")
	assert.NotNil(t, regexp.MustCompile(`docker run .*--network host`).FindString(readFile(t, "Dockerfile")))
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// The steps of the image's build make a static program. The image runs it as nobody. In CI the
// repository is a clone, with nothing in it but what is committed.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	file := readFile(t, "Dockerfile")
	stages := strings.Split(file, "\nFROM ")
	require.Len(t, stages, 3)
	assert.True(t, strings.HasPrefix(stages[2], "scratch\n"))
	assert.Regexp(t, `(?m)^USER [1-9]\d*:[1-9]\d*$`, stages[2])
	assert.Regexp(t, `(?m)^COPY --from=build /src/bin/shotengai /shotengai$`, stages[2])
	assert.NotContains(t, stages[2], "RUN ")
	if os.Getenv("CI") != "true" {
		t.Skip("a build without cgo takes minutes: set CI=true")
	}
	steps := regexp.MustCompile(`(?m)^RUN (.*)$`).FindAllStringSubmatch(file, -1)
	require.NotEmpty(t, steps)
	built := filepath.Join(t.TempDir(), "shotengai")
	for _, step := range steps {
		command := strings.ReplaceAll(step[1], "bin/shotengai", built)
		out, err := shell(t, repository, command).CombinedOutput()
		require.NoError(t, err, "%s: %s", command, out)
	}
	if runtime.GOOS != "linux" {
		return
	}
	program, err := elf.Open(built)
	require.NoError(t, err)
	defer program.Close()
	for _, p := range program.Progs {
		assert.NotEqual(t, elf.PT_INTERP, p.Type, "the program needs a loader, which scratch has not")
	}
}
