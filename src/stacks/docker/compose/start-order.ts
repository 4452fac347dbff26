import type { ComposeService } from "./project.ts";

type Ordered = Pick<ComposeService, "name" | "dependsOn">;

/**
 * Waves in which services can start: those of one wave side by side, each after everything that it depends on.
 * Reversed, they are the order of stopping. Within a wave the order of the file is kept.
 * @throws Error where services wait for each other, which readCompose refuses
 */
export function startOrder<Service extends Ordered>(services: readonly Service[]): readonly (readonly Service[])[] {
  const waves: (readonly Service[])[] = [];
  let waiting = services;
  while (waiting.length > 0) {
    const behind = new Set(waiting.map(({ name }) => name));
    const wave = waiting.filter(({ dependsOn }) => !dependsOn.some(({ service }) => behind.has(service)));
    if (wave.length === 0) throw new Error(`services wait for each other: ${[...behind].join(", ")}`);
    waves.push(wave);
    waiting = waiting.filter((service) => !wave.includes(service));
  }
  return waves;
}
