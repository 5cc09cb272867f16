<?php
// Runs the files of docs/stacks/laravel.md: `send` mails; as the script of php -S it receives webhooks.

namespace Illuminate\Mail\Events {
    /** The property that a listener uses. */
    final class MessageSending
    {
        public function __construct(public \Symfony\Component\Mime\Email $message)
        {
        }
    }
}

namespace {
    require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
    require getenv('FOLDER') . '/Bounced.php';
    $bounced = new App\Services\Bounced();
    if (($argv[1] ?? '') === 'send') {
        require getenv('FOLDER') . '/UseBounced.php';
        $listener = new App\Listeners\UseBounced($bounced);
        $dsn = 'smtp://127.0.0.1:' . getenv('SMTP_PORT');
        $mailer = new Symfony\Component\Mailer\Mailer(Symfony\Component\Mailer\Transport::fromDsn($dsn));
        [$fine, $gone] = [getenv('FINE'), getenv('GONE')];
        foreach ([[$fine], [$gone], [$fine, $gone]] as $to) {
            $mail = (new Symfony\Component\Mime\Email())->from('News <news@shop.example>')->to(...$to)->subject('Hello')->text('Hello.');
            $mail->getHeaders()->addTextHeader('X-Campaign', 'spring');
            if ($listener->handle(new Illuminate\Mail\Events\MessageSending($mail))) {
                $mailer->send($mail);
            }
        }
        return;
    }
    $header = fn (string $name): string => $_SERVER["HTTP_WEBHOOK_$name"] ?? '';
    $body = file_get_contents('php://input');
    $payload = $bounced->verified($header('ID'), $header('TIMESTAMP'), $header('SIGNATURE'), $body);
    http_response_code($payload === null ? 401 : 204);
    if ($payload !== null) {
        file_put_contents('php://stdout', "{$payload['data']['recipient']['mailed']} {$payload['data']['explanation']}\n");
    }
}
