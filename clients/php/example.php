<?php
// php example.php: suppresses an address, asks before sending, prints the last hard bounces.
spl_autoload_register(fn (string $class) => require __DIR__ . '/src/' . basename(strtr($class, '\\', '/')) . '.php');

$client = new Bounced\Client(getenv('BOUNCED_URL') ?: 'http://127.0.0.1:8025', token: getenv('BOUNCED_TOKEN'));
$client->suppress('left@example.org', note: 'asked by phone');
echo $client->checkSuppression('left@example.org')['suppressed'] ? 'true' : 'false', PHP_EOL;
foreach ($client->searchEvents(severity: ['hard'], limit: 10)['events'] as $event) {
    echo $event['recipient']['mailed'], ' ', $event['reason'], PHP_EOL;
}
