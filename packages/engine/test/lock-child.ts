import { lockFolder } from '../src/storage/folder-lock.js';

// Says whether it got the lock, and holds it until it is killed or its parent goes.
process.once('disconnect', () => process.exit());
lockFolder(process.argv[2] ?? '').then(
  () => process.send?.({ isHolder: true }),
  (error: { code: string; message: string }) =>
    process.send?.({ isHolder: false, code: error.code, message: error.message }),
);
