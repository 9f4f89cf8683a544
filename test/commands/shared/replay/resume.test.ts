import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { replay } from '../../../../src/commands/replay.js';
import { type Ended, resumeCommand } from '../../../../src/commands/shared/replay/resume.js';
import { EVERYTHING } from '../../../../src/core/delivery/selector.js';

const START = Date.UTC(2026, 10, 22, 14);

/** The command that goes on after these arguments. */
function goesOn(args: readonly string[], ended: Partial<Ended> = {}): string {
  const command = replay.define(new Command('replay'));
  command
    .option('--no-color')
    .exitOverride()
    .parse([...args], { from: 'user' });
  return resumeCommand(replay.define(new Command()), command.opts(), {
    position: { id: 'dlv_X', round: 0 },
    times: 1,
    startedAt: START,
    selector: EVERYTHING,
    args: command.args,
    ...ended,
  });
}

describe('the command that goes on', () => {
  it('says the rest of what was said, and until when deliveries were meant', () => {
    expect(goesOn(['--event', 'order.*', '--to', 'http://localhost:3000', '--failed', '--set', 'data.total=12.50'])).toBe(
      "webhook replay --to http://localhost:3000 --event 'order.*' --until 2026-11-22T14:00:00.000Z --failed --set data.total=12.50 --after dlv_X",
    );
  });

  it('makes absolute what was relative to the time', () => {
    const selector = { ...EVERYTHING, since: START - 7_200_000, last: 5, limit: 9 };
    expect(goesOn(['last:5', '--since', '2h', '--limit', '9'], { selector })).toBe(
      'webhook replay --since 2026-11-22T12:00:00.000Z --until 2026-11-22T14:00:00.000Z --after dlv_X',
    );
  });

  it('keeps ids and files as they are, and does the rounds that are left', () => {
    const selector = { ...EVERYTHING, ids: ['01AB', '01CD'] };
    const position = { id: 'dlv_X', round: 2 };
    expect(goesOn(['01AB', '01CD', '--times', '5'], { selector, position, times: 5 })).toBe(
      'webhook replay 01AB 01CD --times 3 --after dlv_X',
    );
    expect(goesOn(["it's.json"], { selector: null })).toBe("webhook replay 'it'\\''s.json' --after dlv_X");
  });

  it('prints no secret: the shell refuses the line until they are filled in', () => {
    const line = goesOn(['-s', 'hush', '-H', 'Authorization: Bearer hush', '-H', 'X-A: b', '--to', 'http://me:hush@localhost']);
    expect(line).not.toContain('hush');
    expect(line).toContain('--to <url>');
    expect(line).toContain("--header 'X-A: b'");
    expect(line).toContain('--secret <secret> --header <Authorization>');
  });
});
