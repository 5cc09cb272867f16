<?php

declare(strict_types=1);

namespace Bounced;

/** Requests, answers and errors of the client. */
abstract class Transport
{
    /**
     * @param string $url where the service is, with its base path
     * @param float $timeout seconds without an octet
     */
    public function __construct(
        private readonly string $url = 'http://127.0.0.1:8025',
        #[\SensitiveParameter] private readonly string $token = '',
        private readonly float $timeout = 30.0,
    ) {
    }

    /** @return mixed */
    protected function json(string $method, string $path, mixed ...$given): mixed
    {
        $text = $this->octets($method, $path, ...$given);
        return $text === '' ? null : json_decode($text, true, 512, JSON_THROW_ON_ERROR);
    }

    protected function octets(string $method, string $path, mixed ...$given): string
    {
        $stream = $this->open($method, $path, ...$given);
        try {
            return (string) stream_get_contents($stream);
        } finally {
            fclose($stream);
        }
    }

    /** One at a time, however many there are. @return \Generator<int, string> */
    protected function lines(string $method, string $path, mixed ...$given): \Generator
    {
        $stream = $this->open($method, $path, ...$given);
        try {
            while (($line = fgets($stream)) !== false) {
                yield rtrim($line, "\r\n");
            }
        } finally {
            fclose($stream);
        }
    }

    /**
     * @param array<string, mixed> $query
     * @param array<string, mixed>|null $body
     * @return resource
     */
    private function open(
        string $method,
        string $path,
        array $query = [],
        ?array $body = null,
        ?string $content = null,
        string $contentType = 'application/json',
    ) {
        $headers = ["Authorization: Bearer {$this->token}", 'Accept: */*', 'Connection: close'];
        if ($body !== null) {
            $content = json_encode((object) self::given($body), JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        }
        if ($content !== null) {
            $headers[] = "Content-Type: $contentType";
            $headers[] = 'Content-Length: ' . strlen($content);
        }
        $search = http_build_query(array_map(self::textOf(...), self::given($query)), '', '&', PHP_QUERY_RFC3986);
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => $headers,
            'content' => $content ?? '',
            'timeout' => $this->timeout,
            'protocol_version' => 1.1,
            'ignore_errors' => true,
            // The token is for one server.
            'follow_location' => 0,
        ]]);
        $stream = @fopen(rtrim($this->url, '/') . $path . ($search === '' ? '' : "?$search"), 'r', false, $context);
        if ($stream === false) {
            throw new \RuntimeException("{$this->url} does not answer: " . (error_get_last()['message'] ?? ''));
        }
        $head = stream_get_meta_data($stream)['wrapper_data'] ?? [];
        $status = (int) (explode(' ', (string) ($head[0] ?? ''))[1] ?? 0);
        if ($status >= 200 && $status < 300) {
            return $stream;
        }
        $text = (string) stream_get_contents($stream, 1_000_000);
        fclose($stream);
        $problem = json_decode($text, true);
        $wait = preg_grep('/^retry-after: *\d+$/i', $head) ?: [];
        throw new Problem(
            $status,
            is_array($problem) ? $problem : ['detail' => substr($text, 0, 500)],
            $wait === [] ? null : (int) preg_replace('/\D/', '', (string) reset($wait)),
        );
    }

    /** @param array<string, mixed> $values @return array<string, mixed> */
    private static function given(array $values): array
    {
        return array_filter($values, static fn (mixed $value): bool => $value !== null);
    }

    private static function textOf(mixed $value): string
    {
        return match (true) {
            is_array($value) => implode(',', array_map(self::textOf(...), $value)),
            is_bool($value) => $value ? 'true' : 'false',
            default => (string) $value,
        };
    }
}
