import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { endOfRun, startOfRun } from './announce.js';

const usage = `Usage: tollgate-test [--] <command> [arguments]

Starts one engine, runs the command with TOLLGATE_TEST_ENGINE set, so that testEnvironment() of @tollgate/testing
finds it, stops the engine, and ends as the command ended. For example:

  tollgate-test node --test
`;

/** What shells answer for a command that is not there, or cannot be run. */
const exitCode = { usage: 2, notFound: 127, notRunnable: 126 } as const;
const passedOn: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a command; resolves with how it ended, as a shell would say it: a signal is 128 and its number. */
function runCommand([command = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    const forwards = passedOn.map((signal) => [signal, () => child.kill(signal)] as const);
    for (const [signal, forward] of forwards) process.on(signal, forward);
    const end = (code: number): void => {
      for (const [signal, forward] of forwards) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`tollgate-test: ${error.message}\n`);
      end(error.code === 'ENOENT' ? exitCode.notFound : exitCode.notRunnable);
    });
    child.on('exit', (code, signal) => end(code ?? 128 + constants.signals[signal as NodeJS.Signals]));
  });
}

async function main(given: readonly string[]): Promise<number> {
  const command = given[0] === '--' ? given.slice(1) : given;
  const [first] = command;
  if (first === '--help' || first === '-h') {
    process.stdout.write(usage);
    return 0;
  }
  if (first === undefined || first.startsWith('-')) {
    process.stderr.write(usage);
    return exitCode.usage;
  }
  await startOfRun();
  try {
    return await runCommand(command);
  } finally {
    await endOfRun();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`tollgate-test: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
