/** Express 4 under its alias: the suite uses nothing that its types and those of 5 disagree on. */
declare module 'express4' {
  import express from 'express';
  export default express;
}
