import type { ComposeMount } from "../project.ts";
import { size } from "./sizes.ts";
import { flag, listOf, mapping, oneForm, oneOf, parsed, text, textLike } from "./spelling.ts";

const A_MOUNT = 'a mount such as "data:/var/lib/data", "./file:/etc/file:ro" or "/var/cache"';
const A_TARGET = 'an absolute path inside the container, such as "/data"';
const A_TMPFS = 'an absolute path, with options if need be, such as "/run:size=64m"';
const VOLUME_NAME = /^[a-zA-Z0-9][\w.-]*$/;
const TARGET = /^\/[^:]*[^:/][^:]*$/;

/** `[source:]target[:ro|rw]`; sources of binds are left as written. undefined for anything else. */
function parseMount(short: string): ComposeMount | undefined {
  const parts = short.split(":");
  const mode = parts.length > 1 && /^(ro|rw)$/.test(parts.at(-1) ?? "") ? parts.pop() : undefined;
  const [first = "", second, ...more] = parts;
  const target = second ?? first;
  if (more.length > 0 || !TARGET.test(target)) return undefined;
  const rest = { target, readOnly: mode === "ro" };
  if (second === undefined) return { kind: "volume", volume: null, ...rest };
  if (/^([./]|~(\/|$))/.test(first)) return { kind: "bind", source: first, ...rest };
  return VOLUME_NAME.test(first) ? { kind: "volume", volume: first, ...rest } : undefined;
}

const shortMount = parsed(A_MOUNT, (value) => (typeof value === "string" ? parseMount(value) : undefined));

const target = textLike(TARGET, A_TARGET);

const longMount = mapping({
  type: oneOf(["volume", "bind", "tmpfs"]),
  source: text("a volume's name or a path").optional(),
  target,
  read_only: flag().prefault(false),
  tmpfs: mapping({
    size: size().optional(),
    mode: textLike(/^[0-7]{3,4}$/, 'a mode such as "1777"').optional(),
  }).optional(),
})
  .refine(({ type, source }) => type !== "bind" || source !== undefined, {
    error: "a path",
    path: ["source"],
  })
  .refine(({ type, source }) => type !== "tmpfs" || source === undefined, {
    error: "no source, since a tmpfs has none",
    path: ["source"],
  })
  .refine(({ type, tmpfs }) => type === "tmpfs" || tmpfs === undefined, {
    error: "no options of a tmpfs beside another type",
    path: ["tmpfs"],
  })
  .transform(({ type, source, target, read_only, tmpfs }): ComposeMount => {
    if (type === "bind") return { kind: "bind", source: source ?? "", target, readOnly: read_only };
    if (type === "volume") return { kind: "volume", volume: source ?? null, target, readOnly: read_only };
    const options = { size: tmpfs?.size, mode: tmpfs?.mode, ro: read_only ? "" : undefined };
    return { kind: "tmpfs", target, options: spellOptions(options) };
  });

function spellOptions(options: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(options)
    .flatMap(([key, value]) => (value === undefined ? [] : [value === "" ? key : `${key}=${String(value)}`]))
    .join(",");
}

export const mountsSchema = listOf(
  oneForm<ComposeMount>(A_MOUNT, { text: shortMount, mapping: longMount }),
  "a list of mounts",
);

const tmpfsMount = parsed(A_TMPFS, (value): ComposeMount | undefined => {
  const [, path, options = ""] = typeof value === "string" ? (/^([^:]+)(?::(.+))?$/.exec(value) ?? []) : [];
  return path !== undefined && TARGET.test(path) ? { kind: "tmpfs", target: path, options } : undefined;
});

export const tmpfsSchema = oneForm<readonly ComposeMount[]>(`${A_TMPFS}, or a list of them`, {
  text: tmpfsMount.transform((mount) => [mount]),
  list: listOf(tmpfsMount, "a list"),
});
