package bounced

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// WebhookTolerance is how far the time of a webhook may be from ours.
const WebhookTolerance = 5 * time.Minute

// Webhook is what a webhook of shape native contains.
type Webhook struct {
	Type string `json:"type"`
	Data Event  `json:"data"`
}

// VerifyWebhook returns the payload of a request that bounced signed; body as it came, before anything parsed it.
func VerifyWebhook(secret string, header http.Header, body []byte, now time.Time) (*Webhook, error) {
	key := []byte(secret)
	if strings.HasPrefix(secret, "whsec_") {
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			return nil, err
		}
		key = decoded
	}
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > WebhookTolerance {
		return nil, errors.New("bounced: too old, or no timestamp")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	// Several while a secret is being replaced.
	for _, signature := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal(expected, []byte(signature)) {
			verified := &Webhook{}
			return verified, json.Unmarshal(body, verified)
		}
	}
	return nil, errors.New("bounced: wrong signature")
}
