/** A question that must be answered in time. */
const ANSWER_MS = 3000;

export async function within<Value>(question: () => Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  try {
    return await Promise.race([question(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
