/** Explanations in English: what happened, what to do. For a reader who has never seen SMTP. */
import type { Explanations } from "./shape.ts";

export const ENGLISH: Explanations = {
  mailbox_unknown: [
    "There is no mailbox with this address.",
    "Remove the address from your list, or ask the person for the right one.",
  ],
  domain_unknown: [
    "The part after the @ is not a domain that exists.",
    "Look for a typing mistake, and remove the address if you find none.",
  ],
  domain_no_mail: [
    "The domain of this address exists but does not take any mail.",
    "Remove the address, or ask the person for another one.",
  ],
  address_syntax: [
    "The address is not written correctly, so it cannot belong to anybody.",
    "Correct the typing mistake or remove the address.",
  ],
  address_moved: [
    "The person has left this mailbox, and mail to it is no longer accepted.",
    "Remove the address, and use the new one if the reply names it.",
  ],
  owner_changed: [
    "The mailbox or its domain belongs to somebody else now.",
    "Remove the address, because the person who gave it to you can no longer be reached there.",
  ],
  mailbox_disabled: [
    "The mailbox exists but has been switched off, often because nobody used it for a long time.",
    "Stop writing to this address, and ask the person for another one.",
  ],
  mailbox_full: [
    "The mailbox is full and cannot take more mail.",
    "Keep the address and try again in a few days, or tell the person in another way.",
  ],
  recipient_other: [
    "The recipient's server could not deliver to this address and did not say exactly why.",
    "Try again later, and check the address if it happens again.",
  ],
  recipient_restricted: [
    "This recipient accepts mail only from certain senders, and you are not one of them.",
    "Ask the recipient or their administrator to allow your address.",
  ],
  sender_rejected: [
    "The recipient's server did not accept the sender address of your message.",
    "Check that your sender address is spelled correctly and that its domain can receive mail.",
  ],
  auth_failed: [
    "Your message could not prove that it really comes from your domain.",
    "Ask the administrator of your domain to correct its SPF, DKIM and DMARC records, then send again.",
  ],
  dns_misconfigured: [
    "The name of your sending server does not fit its network address.",
    "Ask whoever runs the server to correct its reverse DNS entry and the name it greets with.",
  ],
  relay_denied: [
    "The server that was asked to deliver says that it is not responsible for this domain.",
    "Check the mail settings of the recipient's domain and the outgoing server that you use.",
  ],
  credentials: [
    "Your own mail server did not accept the login that was used for sending.",
    "Check the user name, the password and the sign-in method of your sending program.",
  ],
  account_limited: [
    "Your own mail provider has limited or blocked your sending account.",
    "Wait until the limit ends, or ask your provider to lift it.",
  ],
  not_attempted: [
    "The message was not sent, because your sending system has this address on its do-not-send list.",
    "Nothing needs doing unless the person asks for mail again; then remove the address from that list.",
  ],
  ip_reputation: [
    "The recipient's provider is blocking the server that your mail is sent from; the address itself is not the problem.",
    "Keep the address, and ask whoever runs the server to check its block list entries and have it removed.",
  ],
  domain_reputation: [
    "The recipient's provider does not trust your domain or a domain that your message links to.",
    "Keep the address, check your domain on the public block lists, and send only to people who want your mail.",
  ],
  spam_content: [
    "The message was taken for spam because of what it contains.",
    "Keep the address, change the wording and links of the message, and send it again.",
  ],
  virus: [
    "The message was refused because a virus scanner found something harmful in it.",
    "Check the attachments and your own computers, then send the message without the harmful part.",
  ],
  attachment_blocked: [
    "The recipient's server does not accept the kind of file that is attached.",
    "Send the file in another format or share it as a link.",
  ],
  policy: [
    "The recipient's server refused the message because of a rule of its own that it does not explain.",
    "Keep the address, read the server's reply for a hint, and ask its administrator if it happens again.",
  ],
  rate_limited: ["Too much mail was sent in too short a time.", "Slow down and try again later; the address is fine."],
  greylisted: [
    "The recipient's server asks every new sender to come back a little later.",
    "Send again after some minutes; the second attempt usually succeeds.",
  ],
  challenge_response: [
    "The recipient uses a filter that holds the message until the sender confirms it by hand.",
    "Follow the link or answer the question in the reply if the message matters to you.",
  ],
  message_too_large: [
    "The message is larger than the recipient's server allows.",
    "Make the attachments smaller or share them as a link, then send again.",
  ],
  content_invalid: [
    "The message is not built the way mail has to be, so the server could not handle it.",
    "Have the program that creates the message corrected, then send again.",
  ],
  i18n_unsupported: [
    "The message uses characters in an address or header that the recipient's server cannot handle.",
    "Use an address with plain Latin letters, or ask the recipient for one.",
  ],
  protocol_error: [
    "The two mail servers did not understand each other.",
    "Ask the administrator of your sending server to look at its log.",
  ],
  too_many_recipients: ["The message was sent to too many recipients at once.", "Send it again in smaller groups."],
  security_required: [
    "The connection was not as secure as one of the two servers requires.",
    "Ask the administrator of your sending server to check its TLS settings and certificates.",
  ],
  connection_failed: [
    "The recipient's server could not be reached.",
    "Try again later; if it lasts for days, check that the domain is still in use.",
  ],
  dns_failure: [
    "The recipient's server could not be looked up, because the directory of domain names did not answer.",
    "Try again later, and check the domain if it happens again.",
  ],
  routing_error: [
    "No way to the recipient's server could be found.",
    "Check the spelling of the domain, and ask its administrator if it is right.",
  ],
  routing_loop: [
    "The message was passed around in circles between servers until it was given up.",
    "Tell the recipient's administrator, because a forwarding rule on their side points back to itself.",
  ],
  expired: [
    "The message could not be delivered for days, and the attempts have ended.",
    "Send it again later, or reach the person in another way.",
  ],
  system_full: ["The recipient's server has no storage space left.", "Keep the address and try again later."],
  system_unavailable: [
    "The recipient's server is busy or closed for maintenance.",
    "Try again later; nothing is wrong with the address.",
  ],
  system_error: [
    "The recipient's server has a fault of its own.",
    "Try again later, and tell the recipient's administrator if it lasts.",
  ],
  complaint: ["The recipient marked your message as unwanted.", "Stop writing to this address at once."],
  unsubscribe: ["The recipient does not want to receive this mail any more.", "Take the address off the list."],
  auto_reply: [
    "This is an automatic answer, such as an absence notice; the message was delivered.",
    "Nothing needs doing.",
  ],
  other_info: ["This is a notice about your message and no failure.", "Nothing needs doing."],
  delivered: ["The message was delivered.", "Nothing needs doing."],
  unknown: [
    "The message was returned, and the reply does not say clearly why.",
    "Read the server's reply, and keep the address unless it happens again.",
  ],
};
