/** Logs that `bounced follow` reads, by what writes them. */
export const LOG_FORMAT_IDS = ["postfix", "exim", "kumomta", "powermta", "opensmtpd", "sendmail"] as const;
export type LogFormatId = (typeof LOG_FORMAT_IDS)[number];
