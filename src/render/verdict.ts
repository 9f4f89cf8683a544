import type { Verdict } from '../core/signature/verdict.js';
import { sentence } from './labelled.js';
import { foldLine, indent, type Line } from './layout.js';
import type { Screen } from './screen.js';
import { safeLine, wrapWords } from './terminal.js';
import { verdictStyle } from './words.js';

/** What makes the signature match, and what to do about it. */
export function findingLines(verdict: Verdict, screen: Screen): Line[] {
  return verdict.diagnosis.flatMap(({ message, hint }) => [
    ...sentence('Cause', message, screen, 'bad'),
    ...(hint === null ? [] : sentence('To do', hint, screen)),
  ]);
}

/** A verdict on its own, as `verify` gives it. */
export function verdictLines(
  verdict: Verdict,
  about: { readonly provider: string | null; readonly event?: string | null; readonly detail?: string | null },
  screen: Screen,
): Line[] {
  const { marks } = screen.theme;
  const word = { valid: 'Signature valid', invalid: 'Signature not valid', unchecked: 'Signature not checked' }[verdict.status];
  const mark = marks[verdict.status];
  const subject = [about.provider, about.event ?? null].filter((text): text is string => text !== null).map(safeLine);
  const title: Line = [
    [`${mark} ${word}`, verdictStyle(verdict.status)],
    [subject.length === 0 ? '' : `  ${subject.join(` ${marks.dot} `)}`, 'dim'],
  ];
  const rows = (text: string): Line[] => wrapWords(safeLine(text), screen.foldWidth - 2).map((row) => indent([[row]], 2));
  return [
    ...foldLine(title, screen.foldWidth, 2),
    ...rows(verdict.message),
    ...(about.detail == null ? [] : rows(about.detail)),
    ...findingLines(verdict, screen),
  ];
}
