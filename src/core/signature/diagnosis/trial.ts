import type { Provider } from '../../providers/model.js';
import type { VerifyInput } from '../verify.js';

/** The faults a diagnosis can name. */
export type FaultCode =
  | 'trailing_newline'
  | 'line_endings'
  | 'byte_order_mark'
  | 'json_reserialized'
  | 'unicode_escapes'
  | 'slash_escapes'
  | 'number_rewritten'
  | 'text_encoding'
  | 'empty_body'
  | 'form_wrapped'
  | 'base64_wrapped'
  | 'length_mismatch'
  | 'secret_whitespace'
  | 'secret_prefix'
  | 'secret_decoding'
  | 'other_secret'
  | 'not_a_signing_secret'
  | 'signature_encoding'
  | 'signature_algorithm'
  | 'signature_prefix'
  | 'signed_content'
  | 'url_mismatch'
  | 'other_provider'
  | 'stale';

/** One fault to try: what would have been verified without it, and what to say where that matches. */
export interface Trial {
  readonly code: FaultCode;
  readonly message: string;
  readonly hint: string;
  /** In place of what was verified. */
  readonly input?: Partial<VerifyInput>;
  readonly provider?: Provider;
}

/** What trials are made from. */
export interface Subject {
  readonly provider: Provider;
  readonly input: VerifyInput;
}
