<?php
// Webhooks of shape `native`, verified with what PHP has built in.
//
//     WEBHOOK_SECRET=whsec_... php -S 127.0.0.1:8080 examples/webhook.php

const TOLERANCE_SECONDS = 300;

/** The payload; null for what we did not sign, or signed more than five minutes ago. */
function verify_webhook(string $secret, string $id, string $timestamp, string $signatures, string $body): ?array
{
    $key = str_starts_with($secret, 'whsec_') ? base64_decode(substr($secret, 6)) : $secret;
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        return null;
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // Several while a secret is being replaced.
    foreach (explode(' ', $signatures) as $signature) {
        if (hash_equals($expected, $signature)) {
            return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
        }
    }
    return null;
}

$payload = verify_webhook(
    getenv('WEBHOOK_SECRET'),
    $_SERVER['HTTP_WEBHOOK_ID'] ?? '',
    $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '',
    $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '',
    file_get_contents('php://input'),
);
if ($payload === null) {
    http_response_code(401);
    return;
}
file_put_contents('php://stdout', "{$payload['type']} {$payload['data']['id']}\n");
http_response_code(204);
