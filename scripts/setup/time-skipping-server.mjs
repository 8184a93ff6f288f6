export async function ensureTimeSkippingServer() {
  return { path: null, why: 'todo', couldHave: false };
}
