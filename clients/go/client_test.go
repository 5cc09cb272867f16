package bounced

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestClient(t *testing.T) {
	ctx, client := context.Background(), New(os.Getenv("BOUNCED_URL"), os.Getenv("BOUNCED_TOKEN"), nil)
	var problem *Problem
	_, err := client.SearchEvents(ctx, SearchEventsParams{Limit: 5000})
	if !errors.As(err, &problem) || problem.Type != "badRequest" || problem.Issues[0].Field != "query.limit" {
		t.Fatal(err)
	}
	check, err := client.CheckSuppression(ctx, "a/b?c@example.org", CheckSuppressionParams{})
	if err != nil || check.Address != "a/b?c@example.org" {
		t.Fatal(check, err)
	}
	lines, err := client.DownloadEvents(ctx, DownloadEventsParams{Reason: []string{"mailbox_unknown", "mailbox_full"}})
	if err != nil {
		t.Fatal(err)
	}
	lines.Close()
	read, err := client.ClassifyMessage(ctx, strings.NewReader("Subject: x\n\nhello"))
	if err != nil || read.Events[0].Kind != "unrecognized" {
		t.Fatal(read, err)
	}
}

func TestVerifyWebhook(t *testing.T) {
	now, body := time.Now(), []byte(`{"type":"bounce.mailbox_unknown","data":{"id":"event-1"}}`)
	mac := hmac.New(sha256.New, []byte("secret"))
	fmt.Fprintf(mac, "msg.%d.%s", now.Unix(), body)
	header := http.Header{}
	header.Set("webhook-id", "msg")
	header.Set("webhook-timestamp", fmt.Sprint(now.Unix()))
	header.Set("webhook-signature", "v1,old v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	if payload, err := VerifyWebhook("secret", header, body, now); err != nil || payload.Data.ID != "event-1" {
		t.Fatal(payload, err)
	}
	if _, err := VerifyWebhook("other", header, body, now); err == nil {
		t.Fatal("another secret was accepted")
	}
	if _, err := VerifyWebhook("secret", header, append(body, ' '), now); err == nil {
		t.Fatal("another body was accepted")
	}
	if _, err := VerifyWebhook("secret", header, body, now.Add(6*time.Minute)); err == nil {
		t.Fatal("an old one was accepted")
	}
}
