// Package bounced calls the HTTP API of bounced, with the standard library alone.
package bounced

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client calls one service. Its methods may be called from several goroutines.
type Client struct {
	url   string
	token string
	http  *http.Client
}

// New makes a client of the service at url, with its base path. A nil client has a timeout of 30 seconds.
func New(url, token string, client *http.Client) *Client {
	if client == nil {
		client = &http.Client{Timeout: 30 * time.Second}
	}
	own := *client
	// The token is for one server.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{url: strings.TrimRight(url, "/"), token: token, http: &own}
}

// Problem is a request that was refused (RFC 9457). Type is stable, e.g. badRequest; Detail is for people.
type Problem struct {
	Status int    `json:"status"`
	Type   string `json:"type"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Issues []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"issues"`
	RequestID  string        `json:"requestId"`
	RetryAfter time.Duration `json:"-"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s: %s", p.Status, p.Type, p.Detail)
}

func (c *Client) request(ctx context.Context, method, path string, query url.Values, contentType string, content io.Reader) (io.ReadCloser, error) {
	address := c.url + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response.Body, nil
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1_000_000))
	problem := &Problem{}
	if json.Unmarshal(text, problem) != nil {
		problem.Detail = string(text)
	}
	problem.Status = response.StatusCode
	problem.Type = strings.TrimPrefix(problem.Type, "urn:bounced:problem:")
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		problem.RetryAfter = time.Duration(seconds) * time.Second
	}
	return nil, problem
}

func answerOf[T any](body io.ReadCloser, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	defer body.Close()
	answer := new(T)
	return answer, json.NewDecoder(body).Decode(answer)
}

func jsonOf(body any) io.Reader {
	text, err := json.Marshal(body)
	if err != nil {
		return failingReader{err}
	}
	return bytes.NewReader(text)
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func pathOf(value any) string {
	return url.PathEscape(fmt.Sprint(value))
}

// addQuery leaves out what was not given; lists are separated by commas.
func addQuery(query url.Values, name string, value any) {
	text := ""
	switch given := value.(type) {
	case []string:
		text = strings.Join(given, ",")
	case []int64:
		parts := make([]string, len(given))
		for index, one := range given {
			parts[index] = strconv.FormatInt(one, 10)
		}
		text = strings.Join(parts, ",")
	case int64:
		if given != 0 {
			text = strconv.FormatInt(given, 10)
		}
	case bool:
		if given {
			text = "true"
		}
	case string:
		text = given
	default:
		text = fmt.Sprint(given)
	}
	if text != "" {
		query.Set(name, text)
	}
}
