export { exampleFolders, installedFolder, withTarballs } from './install.js';
export { manifestAt, packAll, publishedFolders, repositoryRoot, type Tarballs } from './pack.js';
