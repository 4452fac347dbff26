export type Log = (line: string) => void;

/** A burst that meets a dead Redis would say the same thing thousands of times: each line is written once a second. */
export function calmLog(write: Log): Log {
  const lastWritten = new Map<string, number>();
  return (line) => {
    const now = performance.now();
    const before = lastWritten.get(line);
    if (before !== undefined && now - before < 1000) return;
    if (lastWritten.size > 100) lastWritten.clear();
    lastWritten.set(line, now);
    write(line);
  };
}
