import { promiseHooks } from 'node:v8';

/** Loaded first in each of Temporal's workflow threads: see `workflow-threads`. */
promiseHooks.createHook = () => {
  throw new Error('The hub does without the stack traces of promises');
};
