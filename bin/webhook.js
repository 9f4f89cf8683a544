#!/usr/bin/env node
'use strict';

// Node 22.1 and later keep compiled code between runs.
module.constructor.enableCompileCache?.();
require('../dist/program/main.cjs').main();
