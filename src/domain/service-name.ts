/** `redis`, `redis1`, `redis2`, … */
export function nodeName(index: number): string {
  return index === 0 ? "redis" : `redis${String(index)}`;
}

/** `app`, `app1`, `app2`, … */
export function serverName(replica: number): string {
  return replica === 0 ? "app" : `app${String(replica)}`;
}
