/** The outcome of `work`, or that of `late` if it takes longer. `late` may throw. The work goes on, and nobody hears it. */
export async function inTime<Value>(ms: number, work: Promise<Value>, late: () => Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    return await Promise.race([work, end.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
