# Runs the files of docs/stacks/rails.md: `send` mails, `serve` receives webhooks.
require "action_mailer"
require "action_controller"
require "rack/handler/webrick"
%w[bounced bounced_interceptor bounced_events_controller].each { |name| require File.join(Dir.pwd, "#{name}.rb") }

class News < ActionMailer::Base
  default from: "News <news@shop.example>", "X-Campaign" => "spring"
  def hello(to) = mail(to: to, subject: "Hello", body: "Hello.", content_type: "text/plain")
end

class BouncedEventsController
  def stop_sending_to(address, explanation)
    $stdout.puts("#{address} #{explanation}")
    $stdout.flush
  end
end

if ARGV[0] == "send"
  ActionMailer::Base.smtp_settings = { address: "127.0.0.1", port: ENV.fetch("SMTP_PORT"), enable_starttls_auto: false }
  ActionMailer::Base.register_interceptors("BouncedInterceptor")
  fine, gone = ENV.values_at("FINE", "GONE")
  [[fine], [gone], [fine, gone]].each { |to| News.hello(to).deliver_now }
else
  action = BouncedEventsController.action(:create)
  quiet = { AccessLog: [], Logger: WEBrick::Log.new(File::NULL) }
  Rack::Handler::WEBrick.run(action, Host: "127.0.0.1", Port: ENV.fetch("PORT"), **quiet)
end
