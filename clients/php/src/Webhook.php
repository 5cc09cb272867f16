<?php

declare(strict_types=1);

namespace Bounced;

/** Signatures of webhooks (shape `native`). */
final class Webhook
{
    /**
     * The payload of a request that bounced signed; null for what was not signed with this secret, or more than five
     * minutes ago.
     *
     * @param array<string, string> $headers names in any case
     * @param string $body as it came, before anything parsed it
     * @return array<string, mixed>|null
     */
    public static function verify(
        #[\SensitiveParameter] string $secret,
        array $headers,
        string $body,
        int $tolerance = 300,
        ?int $now = null,
    ): ?array {
        $given = array_change_key_case($headers);
        $key = str_starts_with($secret, 'whsec_') ? (string) base64_decode(substr($secret, 6)) : $secret;
        $timestamp = $given['webhook-timestamp'] ?? '';
        if (!ctype_digit($timestamp) || abs(($now ?? time()) - (int) $timestamp) > $tolerance) {
            return null;
        }
        $signed = ($given['webhook-id'] ?? '') . ".$timestamp.$body";
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key, true));
        // Several while a secret is being replaced.
        foreach (explode(' ', $given['webhook-signature'] ?? '') as $signature) {
            if (hash_equals($expected, $signature)) {
                return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
            }
        }
        return null;
    }
}
