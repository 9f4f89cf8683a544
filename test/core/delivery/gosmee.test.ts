import { describe, expect, it } from 'vitest';
import { readGosmeeScript } from '../../../src/core/delivery/gosmee.js';

/** As gosmee 0.20 writes it. */
const script = `#!/usr/bin/env bash
# Copyright 2023 Chmouel Boudjnah <chmouel@chmouel.com>
# Replay script with headers and JSON payload to the target controller.
set -euxfo pipefail
cd $(dirname $(readlink -f $0))

targetURL="http://localhost:8080/hooks?x=1"
if [[ \${1:-""} == -l ]]; then
	targetURL="http://localhost:8080"
elif [[ -n \${1:-""} ]]; then
	targetURL=\${1}
fi

curl -sSi -H "Content-Type: application/json" -H 'X-Github-Event: push' -H 'User-Agent: It's me' -H 'X-Github-Delivery: 72d3162e'  -X POST -d @./push-2023-05-01T10.00.05.123.json \${targetURL}
`;

describe('readGosmeeScript', () => {
  it('reads where it sends, what, and with which headers', () => {
    expect(readGosmeeScript(script)).toEqual({
      request: {
        method: 'POST',
        path: '/hooks?x=1',
        headers: [
          ['Content-Type', 'application/json'],
          ['X-Github-Event', 'push'],
          ['User-Agent', "It's me"],
          ['X-Github-Delivery', '72d3162e'],
        ],
      },
      body: 'push-2023-05-01T10.00.05.123.json',
    });
  });

  it.each([
    '#!/bin/sh\necho hello\n',
    script.replace('-d @./push-2023-05-01T10.00.05.123.json', '-d @./../../etc/passwd'),
    script.replace(/^targetURL.*$/m, ''),
    script.replace(/^targetURL.*$/m, 'targetURL="http://localhost:3000/a\x1b]8;;b"'),
    script.replace(/^targetURL.*$/m, 'targetURL="http://localhost:3000/日本"'),
  ])('is not any other script', (other) => {
    expect(readGosmeeScript(other)).toBeNull();
  });
});
