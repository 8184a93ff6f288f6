/**
 * Loaded into every Node child (--require): when the supervisor is gone, however it went, the IPC
 * channel closes and the child ends itself, first politely, then for certain.
 */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 8000).unref();
});
// Listening alone must not keep a process alive that has finished its work.
process.channel?.unref();
