<?php

declare(strict_types=1);

namespace Bounced;

/** A request that was refused (RFC 9457). `type` is stable, e.g. `badRequest`; `detail` is for people. */
final class Problem extends \RuntimeException
{
    public readonly string $type;
    public readonly string $title;
    public readonly string $detail;
    /** @var list<array{field: string, message: string}> */
    public readonly array $issues;
    public readonly string $requestId;

    /** @param array<string, mixed> $body */
    public function __construct(public readonly int $status, array $body, public readonly ?int $retryAfter = null)
    {
        $this->type = preg_replace('/^urn:bounced:problem:/', '', (string) ($body['type'] ?? ''));
        $this->title = (string) ($body['title'] ?? '');
        $this->detail = (string) ($body['detail'] ?? '');
        $this->issues = is_array($body['issues'] ?? null) ? $body['issues'] : [];
        $this->requestId = (string) ($body['requestId'] ?? '');
        parent::__construct(trim("$status " . ($this->type ?: $this->title) . ": {$this->detail}"));
    }
}
