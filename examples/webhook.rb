# Webhooks of shape `native`, verified with Ruby's standard library. The server is WEBrick (gem webrick).
#
#     WEBHOOK_SECRET=whsec_... PORT=8080 ruby examples/webhook.rb
require "json"
require "openssl"
require "webrick"

TOLERANCE_SECONDS = 300

# The payload; nil for what we did not sign, or signed more than five minutes ago.
def verify_webhook(secret, id, timestamp, signatures, body)
  key = secret.start_with?("whsec_") ? secret.delete_prefix("whsec_").unpack1("m") : secret
  return nil unless timestamp.match?(/\A\d+\z/) && (Time.now.to_i - timestamp.to_i).abs <= TOLERANCE_SECONDS

  expected = "v1," + [OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.#{body}")].pack("m0")
  # Several while a secret is being replaced.
  return nil unless signatures.split(" ").any? { |each| OpenSSL.secure_compare(expected, each) }

  JSON.parse(body)
end

server = WEBrick::HTTPServer.new(
  BindAddress: "127.0.0.1", Port: Integer(ENV.fetch("PORT", "8080")), AccessLog: [], Logger: WEBrick::Log.new(File::NULL)
)
server.mount_proc("/") do |request, response|
  headers = %w[webhook-id webhook-timestamp webhook-signature].map { |name| request[name].to_s }
  payload = verify_webhook(ENV.fetch("WEBHOOK_SECRET"), *headers, request.body.to_s)
  $stdout.puts("#{payload["type"]} #{payload.dig("data", "id")}") if payload
  $stdout.flush
  response.status = payload ? 204 : 401
end
%w[INT TERM].each { |signal| trap(signal) { server.shutdown } }
server.start
