// Loaded into every process of a test run before anything else: writes a line for each PGlite that one of them makes.
const { appendFileSync } = require('node:fs');

const { instantiate, Module } = WebAssembly;
const isDatabase = (code) =>
  code instanceof Module ? Module.exports(code).length > 1_000 : code.byteLength > 1_000_000;

WebAssembly.instantiate = (code, ...rest) => {
  if (isDatabase(code)) appendFileSync(process.env.RUN_DATABASES, `${process.pid}\n`);
  return instantiate(code, ...rest);
};
