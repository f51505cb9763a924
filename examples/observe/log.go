package main

import (
	"context"
	"log/slog"

	"github.com/shotengai/shotengai-go"
)

// logCalls writes a line for each finished call.
func logCalls(logger *slog.Logger) func(context.Context, shotengai.Call) {
	return func(ctx context.Context, c shotengai.Call) {
		if !c.Finished {
			return
		}
		level := slog.LevelInfo
		attrs := []slog.Attr{
			slog.String("platform", c.Platform), slog.String("operation", c.Operation), slog.Int("status", c.StatusCode),
			slog.Int("attempts", c.Attempt), slog.Duration("took", c.Took), slog.Duration("paced", c.Paced),
		}
		if c.Err != nil {
			level = slog.LevelWarn
			attrs = append(attrs, slog.String("kind", string(c.Kind)), slog.String("not_retried", string(c.NotRetried)), slog.Any("error", c.Err))
		}
		logger.LogAttrs(ctx, level, "call", attrs...)
	}
}
