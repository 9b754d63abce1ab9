#!/usr/bin/env node
// A committed file, so that the command can be linked by an install that runs before the first build.
import '../dist/command.js';
