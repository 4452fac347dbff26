export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/**
 * Tells when this process is asked to stop.
 * @returns a function that stops listening, after which the signals do what they always do
 */
export function onStopSignal(listener: (signal: StopSignal) => void): () => void {
  const names: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const listeners = names.map((name) => ({
    name,
    heard: () => {
      listener(name);
    },
  }));
  for (const { name, heard } of listeners) process.on(name, heard);
  return () => {
    for (const { name, heard } of listeners) process.off(name, heard);
  };
}
