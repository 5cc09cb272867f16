/**
 * The core's one face: a returned message or a refusal in, events out. Nobody outside imports past it.
 *
 * Pure: no clock, no chance, no environment, no I/O. Signatures are verified by src/machine/verifying-key.ts.
 */

/** Reading: from octets, or from what a program reports, to events. */
export { readMessage, readWithKeys, unreadableMessage } from "./read-message.ts";
export type { Envelope, MessageInput } from "./events/message-input.ts";
export type { ReadSettings } from "./events/read-settings.ts";
export { REFUSAL_FORMAT } from "./refusals/read-refusal.ts";
export { concludeAction } from "./refusals/action.ts";
export { refusalDigest, refusalEventId } from "./refusals/identity.ts";
export { MAX_RAW, reportedRefusalSchema, type ReportedRefusal, type ReportedRefusalInput } from "./refusals/refusal.ts";
export { NOTICE_HEADER, OWN_NOTICE } from "./report/own-notice.ts";

/** Classification: from one refusal to its verdict, and why. */
export { classify, emptyRefusal, readRefusal } from "./classify/classify.ts";
export { classifyAndExplain, type ExplainedVerdict } from "./classify/explained-verdict.ts";
export { accountFor, sayFact } from "./classify/account.ts";
export { providerOfHost } from "./classify/recognise-provider.ts";
export { findReplyCode } from "./fields/reply-code.ts";
export { saysSomething, type Refusal } from "./classify/verdict.ts";

/** What it knows: rules, providers, languages, the learned model. `src/rules` loads them. */
export { compileRules, RuleError, type CompilePattern, type RuleSet } from "./classify/rule-set.ts";
export { providerSchema, ruleSchema, vocabularySchema, type Provider, type Rule } from "./classify/rule.ts";
export type { Vocabulary } from "./classify/phrase-index.ts";
export { refusalOf } from "./classify/example.ts";
export { readModel, type FallbackModel } from "./classify/fallback-model.ts";
export { languagePackSchema, type LanguagePack } from "./knowledge/language-pack.ts";

/** Trust: what a proof is worth. `src/proof` and `src/queues` have what that needs from DNS and Redis. */
export { TRUST_WARNINGS, type Trust } from "./trust/judge.ts";
export { trusted } from "./trust/trusted-verdict.ts";
export { sharedClaimOf, withoutProof, type SharedClaim } from "./trust/shared-path.ts";
export { onlyAddressIn } from "./proof/dkim/addressee.ts";
export { rawFieldsOf, valueOf, type RawField } from "./proof/dkim/raw-header.ts";
export type { DkimSettings, KeyRecords } from "./proof/dkim/verify.ts";

/** Header fields, for envelopes that stand in a file. */
export { parseAddress } from "./fields/address.ts";
export { latin1 } from "./fields/charset.ts";
export { parseDate } from "./fields/date.ts";
export { readHeaderBlock } from "./fields/header-block.ts";
